import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readArray } from "./read-array.ts";

// Written by tests/make.py.
const file = (form: string) =>
  new Uint8Array(readFileSync(new URL(`tests/${form}.h5`, import.meta.url)));
const numbers = Array.from({ length: 5 * 6 * 7 }, (_, at) => at);

for (const form of ["earliest", "v108"]) {
  test(`reads numbers as they lie, and packed in chunks (libver ${form})`, async () => {
    const heat = await readArray(file(form), "heat");
    expect(heat?.shape).toEqual([5, 6, 7]);
    expect(Array.from(heat?.data ?? [])).toEqual(numbers.map((at) => at / 2));
    const mask = await readArray(file(form), "mask");
    expect(Array.from(mask?.data ?? [])).toEqual(numbers.map((at) => at * -3 + 0));
  });

  test(`takes none of several arrays where none is named, and none where a text is (${form})`, async () => {
    expect(await readArray(file(form))).toBeUndefined();
    expect(await readArray(file(form), "text")).toBeUndefined();
    expect(await readArray(file(form), "nonesuch")).toBeUndefined();
  });

  test(`says nothing of a file that is cut off (${form})`, async () => {
    const whole = file(form);
    for (const length of [8, 60, 200, 900, 4096])
      expect(await readArray(whole.slice(0, length), "mask")).toBeUndefined();
  });
}
