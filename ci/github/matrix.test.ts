import { expect, test } from "vitest";
import { matrixOutputs } from "./matrix.ts";

const item = {
  id: "digits",
  version: "1.0.0",
  key: "1".repeat(64),
  why: "never built",
  isStackOnly: false,
};

test("each version is built on a machine of each platform, and published once", () => {
  const lines = matrixOutputs([item], ["linux/amd64", "linux/arm64"]).split("\n", 2);
  const [matrix, machines] = lines.map((line) => JSON.parse(line.slice(line.indexOf("=") + 1)));
  expect(matrix.include).toEqual([{ id: "digits", version: "1.0.0" }]);
  expect(machines.include.map(({ on, runner }: Record<string, string>) => [on, runner])).toEqual([
    ["linux-amd64", "ubuntu-24.04"],
    ["linux-arm64", "ubuntu-24.04-arm"],
  ]);
});

test("more versions than GitHub has jobs for wait for the next run, whole", () => {
  const many = Array.from({ length: 300 }, (_, n) => ({ ...item, id: `digits-${n}` }));
  const [matrix = ""] = matrixOutputs(many, ["linux/amd64", "linux/arm64"]).split("\n");
  expect(JSON.parse(matrix.slice("matrix=".length)).include).toHaveLength(128);
});

test("a base image that is not published is made first, on a machine of its platform", () => {
  const platforms = ["linux/amd64", "linux/arm64"] as const;
  const [, , bases = ""] = matrixOutputs([item], platforms, ["linux/arm64"]).split("\n");
  expect(JSON.parse(bases.slice("bases=".length)).include).toEqual([
    { platform: "linux/arm64", on: "linux-arm64", runner: "ubuntu-24.04-arm" },
  ]);
});

test("nothing to do is an empty line, for which no job starts", () => {
  expect(matrixOutputs([], ["linux/amd64"], ["linux/amd64"])).toBe("matrix=\nmachines=\nbases=\n");
});
