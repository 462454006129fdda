import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { operationIds } from "#schema/operations.ts";
import { convert, type DataType, type NumberArray } from "./array.ts";
import { bind, chain, type Named, operations } from "./chain.ts";
import type { Placement } from "./placement.ts";
import { type Axis, axisOf, type Item, Misfit, type Setting, type Value } from "./step.ts";

interface Packed {
  dtype: DataType;
  shape: number[];
  data: (number | boolean)[];
}

interface Case {
  title: string;
  input?: Packed;
  list?: Item[];
  axes?: string[];
  axesAfter?: string[];
  kwargs: Record<string, unknown>;
  image?: { shape: number[]; axes: string[]; operations: Named[] };
  files?: Record<string, string>;
  expected: Packed | Item[];
  rtol?: number;
  atol?: number;
  fails?: "bind" | "run";
}

const folder = join(import.meta.dirname, "golden");
const files = readdirSync(folder).sort();

describe.each(files.map((file) => file.replace(".json", "")))("%s", (id) => {
  const { cases } = JSON.parse(readFileSync(join(folder, `${id}.json`), "utf8")) as {
    cases: Case[];
  };

  test.each(cases.map((one) => [one.title, one] as const))("%s", (_, one) => {
    if (one.fails === "bind") expect(() => bound(id, one)).toThrow(`operation ${id} `);
    else if (one.fails === "run") expect(() => run(id, one)).toThrow(Misfit);
    else requireEqual(run(id, one), one);
  });
});

test("every operation of the schema is here and has a golden vector", () => {
  const here = Object.keys(operations).sort();
  expect(here).toEqual([...operationIds].sort());
  expect(here).toEqual(files.map((file) => file.replace(".json", "")));
});

test("a chain ends with the axes of its last operation, and refuses what doesn't fit", () => {
  const axes = axesOf(["y", "x", "channel"]);
  const order = { id: "transpose", kwargs: { axes: ["batch", "channel", "y", "x"] } };
  expect(chain([{ id: "softmax" }, order], axes).axes?.map(({ name }) => name)).toEqual(
    order.kwargs.axes,
  );
  expect(() => chain([{ id: "argmax" }, { id: "softmax" }], axes)).toThrow(
    "operation softmax names the axis channel; the array has y, x",
  );
  expect(() => chain([{ id: "sharpen" }], axes)).toThrow("there is no operation sharpen");
});

function run(id: string, one: Case): { value: Value; axes: string[] | undefined } {
  const step = bound(id, one);
  const { image } = one;
  const placements: Record<string, Placement> = {};
  if (image) {
    const zeros = { data: new Uint8Array(image.shape.reduce((a, b) => a * b)), shape: image.shape };
    placements["image"] = chain(image.operations, axesOf(image.axes)).run(zeros).placement;
  }
  const value = step.run(one.list ?? unpacked(one.input as Packed), placements);
  return { value, axes: step.axes?.map(({ name }) => name) };
}

function bound(id: string, { list, axes = [], kwargs, image, files: texts }: Case) {
  const setting: Setting = {
    inputs: { image: axesOf(image?.axes ?? ["index"]) },
    read: (path) => texts?.[path] ?? "",
  };
  return bind({ id, kwargs }, list ? undefined : axesOf(axes), setting);
}

function axesOf(names: readonly string[]): Axis[] {
  return names.map((name) => axisOf(name));
}

function unpacked({ dtype, shape, data }: Packed): NumberArray {
  return convert({ data: Float64Array.from(data, Number), shape }, dtype);
}

function requireEqual({ value, axes }: ReturnType<typeof run>, one: Case): void {
  const { expected, rtol = 0, atol = 0 } = one;
  if (Array.isArray(expected)) {
    requireNear(value, expected, Math.max(atol, 1e-6));
    return;
  }
  const { data, shape } = value as NumberArray;
  const wanted = unpacked(expected);
  expect(axes).toEqual(one.axesAfter);
  expect(shape).toEqual(wanted.shape);
  expect(data.constructor).toBe(wanted.data.constructor);
  const far = [...wanted.data.keys()].filter((index) => {
    const [found, sought] = [Number(data[index]), Number(wanted.data[index])];
    return !(Math.abs(found - sought) <= atol + rtol * Math.abs(sought));
  });
  expect(far.map((index) => [index, data[index], wanted.data[index]])).toEqual([]);
}

/** Compare lists and objects at any depth, number by number. */
function requireNear(found: unknown, wanted: unknown, atol: number): void {
  if (typeof found === "number" && typeof wanted === "number") {
    expect(Math.abs(found - wanted), `${found} is ${wanted}`).toBeLessThanOrEqual(atol);
  } else if (typeof found === "object" && found !== null && typeof wanted === "object") {
    expect(Object.keys(found)).toEqual(Object.keys(wanted ?? {}));
    for (const [key, value] of Object.entries(found))
      requireNear(value, (wanted as Record<string, unknown>)[key], atol);
  } else {
    expect(found).toBe(wanted);
  }
}
