import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { writeNpy } from "#viewers/npy.ts";
import { requirePassed } from "./verdict.ts";

const folder = mkdtempSync(join(tmpdir(), "modelhub-verdict-"));
writeFileSync(join(folder, "one.json"), JSON.stringify({ cells: [0, 3] }));
afterAll(() => rmSync(folder, { recursive: true }));

/** Publishes on the word of so many reports whose mask is this, and whose sample passed or didn't. */
function believe(prediction: string, { count = 1, passed = true } = {}): void {
  const subject = {
    folder,
    instance: { platforms: ["linux/amd64"] },
    config: {
      samples: [{ id: "one", expected: "one.json" }],
      outputs: [{ id: "cells", type: "mask" }],
    },
  };
  const outputs = [{ name: "cells", type: "mask", shape: [2], prediction }];
  const samples = [{ id: "one", passed, outputs }];
  const reports = Array(count).fill({ platform: "linux/amd64", passed: true, samples });
  requirePassed(subject as never, { unbuilt: undefined } as never, { reports } as never);
}

async function kept(...numbers: number[]): Promise<string> {
  const file = await writeNpy(Uint8Array.from(numbers), [numbers.length]).bytes();
  return `data:application/x-npy+gzip;base64,${gzipSync(file).toString("base64")}`;
}

test("an array that a report keeps is compared once more", async () => {
  const equal = await kept(0, 3);
  expect(() => believe(equal)).not.toThrow();
  const other = await kept(0, 4);
  expect(() => believe(other)).toThrow("one.cells: expected an output within its tolerance");
});

test("a sample that failed stays failed, whatever its outputs are", async () => {
  const equal = await kept(0, 3);
  expect(() => believe(equal, { passed: false })).toThrow("one: expected a sample that passed");
});

test.each([0, 2])("of %i reports of a platform none is believed", async (count) => {
  const equal = await kept(0, 3);
  expect(() => believe(equal, { count })).toThrow(`expected one report, got ${count}`);
});

test("a kept array that can't be read doesn't pass", () => {
  expect(() => believe("data:application/x-npy+gzip;base64,AAAA")).toThrow(
    "one.cells: expected an output within its tolerance, got the expected value is no mask",
  );
});

test("for an array that was left where it was, the report's word counts", () => {
  expect(() => believe("/api/output/1/cells.h5")).not.toThrow();
});
