import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import type { Input } from "#schema/config.ts";
import { pythonLack } from "../../../../engine-image/front/tests/server.ts";
import { audioArray } from "./audio-array.ts";
import { misfit } from "./fit.ts";
import { resample } from "./resample.ts";
import { volumeArray } from "./volume-array.ts";

const axis = (name: string, type: string, size?: number | object) =>
  ({ name, type, ...(size !== undefined && { size }) }) as Input["axes"][number];
const [batch, time] = [axis("batch", "batch", 1), axis("time", "time")];

test.skipIf(pythonLack)("a recording gets another rate as in the engine", () => {
  const samples = Float32Array.from({ length: 300 }, (_, at) => Math.sin(at / 5) * Math.cos(at));
  const script = `import json, sys, numpy
from modelhub.resample import resample
samples, have, want = json.load(sys.stdin)
print(json.dumps(resample(numpy.array(samples, "f4")[:, None], have, want)[:, 0].tolist()))`;
  for (const [have, want] of [
    [44_100, 22_050],
    [16_000, 22_050],
    [48_000, 16_000],
  ] as const) {
    const engine: number[] = JSON.parse(
      execFileSync(process.env["MODELHUB_PYTHON"] ?? "python3", ["-c", script], {
        input: JSON.stringify([Array.from(samples), have, want]),
        cwd: "engine-image/python",
        encoding: "utf8",
      }),
    );
    const own = resample(samples, have, want);
    expect(own.length).toBe(engine.length);
    const worst = engine.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (own[at] ?? 9))),
      0,
    );
    expect(worst).toBeLessThan(1e-5);
  }
});

test("channels are averaged for an input of one, and one becomes several", () => {
  const stereo = { sampleRate: 8, channels: [Float32Array.of(1, 0), Float32Array.of(0, 0.5)] };
  const mono = { sampleRate: 8, channels: [Float32Array.of(1, 0)] };
  const input = (...axes: Input["axes"]) => ({ axes, dtype: "float32" as const });
  expect(audioArray(stereo, input(batch, time))).toEqual({
    shape: [1, 2],
    data: Float32Array.of(0.5, 0.25),
  });
  expect(audioArray(stereo, input(time, axis("channel", "channel")))).toEqual({
    shape: [2, 2],
    data: Float32Array.of(1, 0, 0, 0.5),
  });
  expect(audioArray(mono, input(axis("channel", "channel", 2), time)).data).toEqual(
    Float32Array.of(1, 0, 1, 0),
  );
  expect(() => audioArray(stereo, input(axis("channel", "channel", 6), time))).toThrow(
    "it has 2 channels, and the model takes 6",
  );
});

test("a scan's axes come in the order of the config, with a batch where it has one", () => {
  const data = Float32Array.from({ length: 12 }, (_, at) => at);
  const grid = { data, sizes: [3, 2, 2], spacing: [1, 1, 1] } as Parameters<typeof volumeArray>[0];
  const [x, y, z] = ["x", "y", "z"].map((name) => axis(name, "space")) as Input["axes"];
  const ordered = volumeArray(grid, [batch, x, y, z] as Input["axes"]);
  expect(ordered.shape).toEqual([1, 3, 2, 2]);
  expect(Array.from(ordered.data, Number)).toEqual([0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11]);
});

test.each([
  [[4], [1, 2, 3, 4], "it has 1 axes, and the model takes 2 (row, column)"],
  [[2, 3], [1, 2, 3, 4, 5, 6], "it is 2 × 3 (row, column); column takes 2"],
  [[1, 2], [1, 2.5], "it holds fractions, and the model takes integers"],
  [[1, 2], [1, 300], "it holds values from 1 to 300, and the model takes 0 to 255"],
  [[1, 2], [1, Number.NaN], "it holds NaN or infinity"],
  [[1, 2], [1, 2], undefined],
])("an array of %j with %j is told from what the model takes", (shape, values, words) => {
  const input = {
    axes: [axis("row", "index", { min: 1 }), axis("column", "index", 2)],
    dtype: "uint8",
    range: { min: 0, max: 255 },
  } as unknown as Input;
  expect(misfit({ data: Float64Array.from(values), shape }, input)).toBe(words);
});
