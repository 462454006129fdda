import { expect, test } from "vitest";
import { describeTrial } from "./comment.ts";
import { Trial } from "./trial.ts";

const run = {
  sha: "0".repeat(40),
  url: "https://github.com/o/r/actions/runs/1",
  changedCode: 0,
};
const fine: Trial = {
  schemaVersion: "1",
  exitCode: 0,
  problems: [],
  models: [
    {
      id: "tiny",
      version: "1.0.0",
      problems: [],
      platforms: [
        {
          platform: "linux/amd64",
          emulated: false,
          samples: 3,
          predictSeconds: 0.0123,
          peakMemoryBytes: 120_000_000,
        },
      ],
    },
  ],
};

test("a good trial is a table", () => {
  expect(describeTrial(fine, run)).toMatchInlineSnapshot(`
    "<!-- modelhub: trial -->

    ### 1 version checked, built and tested

    | model | version | platform | samples passed | a prediction | peak memory |
    | --- | --- | --- | --: | --: | --: |
    | tiny | 1.0.0 | linux/amd64 | 3 | 12.3 ms | 120 MB |

    Commit \`0000000000000000000000000000000000000000\` · [the whole run](https://github.com/o/r/actions/runs/1)"
  `);
});

test("a failed model is told with its problems, and one with our failure apart", () => {
  const [model] = fine.models;
  if (!model) throw new Error("no model");
  const problems = [{ file: "a.json", key: "probability", expected: "0.5", got: "0.7" }];
  const models = [
    { ...model, platforms: [], problems },
    { ...model, id: "other", platforms: [], failure: "no space left" },
  ];
  expect(describeTrial({ ...fine, exitCode: 2, models }, run)).toMatchInlineSnapshot(`
    "<!-- modelhub: trial -->

    ### Something of ours failed

    **tiny 1.0.0**

    <pre>a.json
      probability: expected 0.5, got 0.7</pre>

    **other 1.0.0**

    <pre>no space left</pre>

    Commit \`0000000000000000000000000000000000000000\` · [the whole run](https://github.com/o/r/actions/runs/1)"
  `);
});

test.each([
  "</pre><img src=x onerror=alert(1)>",
  "</PRE>\n\n# Approved\n@everyone",
  "&lt;/pre&gt;<script>",
])("no words of a stranger leave their frame: %s", (words) => {
  const problems = [{ file: words, expected: words, got: words, hint: words }];
  const comment = describeTrial({ ...fine, exitCode: 1, problems, models: [] }, run);
  expect(comment.match(/<[^!]/g)).toEqual(["<p", "</"]);
  const inside = comment.slice(comment.indexOf("<pre>"), comment.indexOf("</pre>"));
  expect(comment.replace(inside, "")).not.toContain("@everyone");
});

test("a stranger's words read as they were written", () => {
  const problems = [{ file: "a.json", expected: "&lt; & <b>" }];
  const comment = describeTrial({ ...fine, exitCode: 1, problems, models: [] }, run);
  expect(comment).toContain("expected &amp;lt; &amp; &lt;b&gt;");
});

test("a comment is never longer than GitHub takes", () => {
  const problems = Array.from({ length: 900 }, (_, index) => ({
    file: `f${index}`,
    expected: "&".repeat(100),
  }));
  const one = describeTrial({ ...fine, exitCode: 1, problems }, run);
  expect(one.length).toBeLessThan(65_536);
  expect(one).toContain("… and more");

  const models = Array.from({ length: 200 }, () => ({ ...fine.models[0], problems }));
  const all = describeTrial(Trial.parse({ ...fine, exitCode: 1, models }), run);
  expect(all.length).toBeLessThan(65_536);
  expect(all).toContain("too much to tell");
});

test("a run without a report is told as one", () => {
  expect(describeTrial(undefined, run)).toContain("ended before it could write a report");
});

test.each([
  ["id", "tiny | x"],
  ["version", "1.0.0 <b>"],
  ["image", "sha256:x"],
])("a trial whose %s is not of its shape is refused", (key, value) => {
  const models = [{ ...fine.models[0], [key]: value }];
  expect(Trial.safeParse({ ...fine, models }).success).toBe(false);
});

test("a pull request that changes the program too is told as one that may have judged itself", () => {
  expect(describeTrial(fine, run)).not.toContain("of code");
  expect(describeTrial(fine, { ...run, changedCode: 2 })).toContain("also changes 2 files of code");
});
