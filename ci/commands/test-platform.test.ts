import { expect, test } from "vitest";
import { printedReply } from "./test-platform.ts";

const prediction = JSON.stringify({ output: [], processing_time: 0.1 });

test("what the command line prints is one prediction", () => {
  expect(printedReply(`${prediction}\n`)).toEqual({ output: [], processing_time: 0.1 });
});

test.each([
  ["comes twice, of a model that forked,", `${prediction}\n${prediction}\n`],
  ["is none,", ""],
])("a prediction that %s is the contribution's fault", (_, out) => {
  expect(() => printedReply(out)).toThrow(
    expect.objectContaining({
      exitCode: 1,
      message: expect.stringMatching(
        /^model\.py\n {2}expected `docker run -i IMAGE predict -`.*os\.fork/s,
      ),
    }),
  );
});
