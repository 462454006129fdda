import { randomBytes } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import type { Output } from "#schema/config.ts";
import { Prediction } from "#schema/record.ts";
import { zip } from "../engine-image/front/zip.ts";
import { keptArray, withArrays, withKept } from "./arrays.ts";
import { compareOutputs } from "./compare.ts";

const away = (name: string): Prediction => ({
  name,
  type: "mask",
  shape: [2],
  prediction: `/api/output/1/${name}.h5`,
});
const text: Prediction = { name: "says", type: "text", shape: [], prediction: "yes" };

const npy = (...numbers: number[]) => npyOf(Buffer.from(numbers));

/** A .npy file of bytes. */
function npyOf(numbers: Buffer): Buffer {
  const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${numbers.length},), }\n`;
  const start = Buffer.from([...Buffer.from("\x93NUMPY", "latin1"), 1, 0, header.length, 0]);
  return Buffer.concat([start, Buffer.from(header), numbers]);
}

async function zipOf(files: Record<string, Buffer>): Promise<Buffer> {
  const entries = Object.entries(files).map(([name, content]) => ({
    name,
    content,
    bytes: content.length,
  }));
  return buffer(zip(entries));
}

/** An entry of a zip as other programs write it, with an extra field such as a time between name and content. */
function withExtraField(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.write("PK\x03\x04", "latin1");
  header.writeUInt32LE(content.length, 18);
  header.writeUInt32LE(content.length, 22);
  header.writeUInt16LE(name.length, 26);
  const extra = Buffer.from([0x55, 0x54, 5, 0, 1, 0, 0, 0, 0]);
  header.writeUInt16LE(extra.length, 28);
  return Buffer.concat([header, Buffer.from(name), extra, content]);
}

describe("large outputs", () => {
  test("are asked for once, and only where there are any", async () => {
    const never = () => Promise.reject(new Error("asked"));
    expect(await withArrays([text], never)).toEqual([text]);
  });

  test("come alone", async () => {
    const [mask, says] = await withArrays([away("a"), text], async () => npy(0, 3));
    expect(mask?.prediction).toEqual({ shape: [2], data: Float32Array.of(0, 3) });
    expect(says).toBe(text);
  });

  test("come together in a zip", async () => {
    const reply = await zipOf({ "a.npy": npy(0, 3), "b.npy": npy(7) });
    const came = await withArrays([away("a"), away("b")], async () => reply);
    const outputs: Output[] = [
      { id: "a", type: "mask" },
      { id: "b", type: "mask" },
    ];
    const found = compareOutputs(outputs, { a: [0, 3], b: [8] }, came);
    expect(found.map(({ message }) => message)).toEqual([
      "2 of 2 elements equal",
      "1 of 1 elements differ; the first at [0]: expected 8, got 7",
    ]);
  });

  test("are found in a zip whose headers hold more than names", async () => {
    const [first, ...rest] = [npy(0, 3), npy(7)].map((file, place) =>
      withExtraField(`${"ab"[place]}.npy`, file),
    );
    const reply = Buffer.concat([first ?? Buffer.of(), ...rest]);
    const came = await withArrays([away("a"), away("b")], async () => reply);
    expect(came.map(({ prediction }) => prediction)).toEqual([
      { shape: [2], data: Float32Array.of(0, 3) },
      { shape: [1], data: Float32Array.of(7) },
    ]);
  });

  test("that are no arrays are told", async () => {
    await expect(withArrays([away("a")], async () => Buffer.from("{}"))).rejects.toThrow(
      "expected an array of numbers, got nothing that can be read",
    );
  });
});

describe("a report", () => {
  const kept = async (file: Buffer) => {
    const came = await withArrays([away("a"), text], async () => file);
    return withKept([away("a"), text], came);
  };

  test("keeps large arrays in itself, and all else as it came", async () => {
    const [mask, says] = await kept(npy(0, 3));
    expect(mask).toMatchObject({ shape: [2], mediaType: "application/x-npy+gzip" });
    expect(mask && keptArray(mask)).toEqual({ shape: [2], data: Float32Array.of(0, 3) });
    expect(says).toBe(text);
    expect(Prediction.parse(mask)).toEqual(mask);
  });

  test("leaves an array where it was that is large even when packed", async () => {
    expect((await kept(npyOf(randomBytes(300_000))))[0]).toEqual(away("a"));
  });

  test("that is damaged has no array", async () => {
    const [mask] = await kept(npy(0, 3));
    const prediction = `${String(mask?.prediction).slice(0, -12)}AAAAAAAAAAAA`;
    expect(keptArray({ ...away("a"), prediction } as Prediction)).toBeUndefined();
  });
});
