import { describe, expect, test } from "vitest";
import type { Config } from "#schema/config.ts";
import { config, problems } from "../e2e/contributed.ts";
import { ContributionError } from "../errors.ts";

describe("weights from a source", () => {
  const remote = { ...config.weights[0], source: "https://example.org/scale.txt", bytes: 5 };
  const list = [remote] as Config["weights"];

  test("are left alone without a fetcher", async () => {
    expect(await problems({ weights: list })).toEqual([]);
  });

  test("must have the declared size", async () => {
    const fetchWeights = async () => ({ path: "kept", bytes: 4, sha256: remote.sha256 ?? "" });
    expect(await problems({ weights: list }, {}, { fetchWeights })).toEqual([
      "tiny/modelhub.json weights[0].bytes: 4, the size of the file | 5",
    ]);
  });

  test("count by what they declare, not by a file of that name in the folder", async () => {
    const files = { "weights/scale.txt": "x".repeat(1_048_577) };
    expect(await problems({ weights: list }, files)).toEqual([]);
  });

  test("are reported in the folder's own words when they cannot be had", async () => {
    const fetchWeights = async () => {
      throw new ContributionError({
        file: "modelhub.json",
        key: "weights[scale].source",
        expected: "an answer",
        got: "none",
      });
    };
    expect(await problems({ weights: list }, {}, { fetchWeights })).toEqual([
      "tiny/modelhub.json weights[0].source: an answer | none",
    ]);
  });

  test("leave surprises to the program", async () => {
    const fetchWeights = async () => {
      throw new TypeError("surprise");
    };
    await expect(problems({ weights: list }, {}, { fetchWeights })).rejects.toThrow("surprise");
  });
});

test("a pointer of Git LFS is named as one, and its hash is not asked for", async () => {
  const [weights] = config.weights;
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${weights?.sha256}\nsize 1\n`;
  expect(await problems({}, { [`${weights?.path}`]: pointer })).toEqual([
    "tiny/modelhub.json weights[0].path: the weights | a pointer of Git LFS to them",
  ]);
});
