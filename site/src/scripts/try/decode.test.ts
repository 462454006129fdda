import { expect, test } from "vitest";
import type { Input } from "#schema/config.ts";
import { decode } from "./decode.ts";

const axis = (name: string, type: string) => ({ name, type }) as Input["axes"][number];
const input = (keys: object) => ({ id: "x", dtype: "float32", ...keys }) as Input;
const table = input({
  kind: "table",
  mediaTypes: ["text/csv", "application/json"],
  columns: ["b"],
  axes: [axis("row", "index"), axis("column", "index")],
});
const scan = input({
  kind: "volume",
  mediaTypes: ["application/x-nifti"],
  axes: ["z", "y", "x"].map((name) => axis(name, "space")),
});

/** A NIfTI file of 2 × 2 × 2 unsigned bytes at each of some times. */
function nifti(times: number): File {
  const file = new DataView(new ArrayBuffer(352 + 8 * times));
  file.setInt32(0, 348, true);
  for (const [at, value] of [4, 2, 2, 2, times].entries()) file.setInt16(40 + at * 2, value, true);
  file.setInt16(70, 2, true);
  file.setFloat32(108, 352, true);
  file.setUint32(344, 0x6e2b3100);
  return new File([file.buffer], "scan.nii");
}

test("a scan over time is refused, as by the engine, and not cut down to its first volume", async () => {
  expect((await decode(scan, [nifti(1)])).array.shape).toEqual([2, 2, 2]);
  await expect(decode(scan, [nifti(3)])).rejects.toThrow("scan.nii: it holds 3 volumes");
});

test.each(['[{"a": 1, "b": 2.5}]', '{"columns": ["b"], "rows": [[2.5]]}', "a;b\n;2.5\n"])(
  "the table %s gives the column that the model takes",
  async (text) => {
    const { array } = await decode(table, [new File([text], "table")]);
    expect([array.shape, Array.from(array.data, Number)]).toEqual([[1, 1], [2.5]]);
  },
);

test.each([
  ["b\n0x10\n", "Row 1 has no finite number in column b"],
  ["a,b\n1\n", "it has a row that doesn't have 2 cells"],
  ["b,b\n1,2\n", "it has two columns of one name"],
  ["b\n", "it has no rows"],
])("the table %j is refused", async (text, message) => {
  await expect(decode(table, [new File([text], "table")])).rejects.toThrow(message);
});
