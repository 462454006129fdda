import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { readDicomPicture } from "./dicom-picture.ts";
import { readFlac } from "./flac.ts";
import { readNpy } from "./npy.ts";
import { readTable } from "./read-table.ts";
import { readScan } from "./scan.ts";

const python = process.env["MODELHUB_PYTHON"] ?? "python3";
const { stdout, stderr, status } = spawnSync(python, ["engine-image/viewers/tests/files.py"], {
  encoding: "utf8",
  maxBuffer: 2 ** 26,
});
// Their libraries are for tests of the engine, and not every machine has them.
const isLacking = /No module named/.test(stderr);
if (isLacking)
  console.warn(`SKIPPED: files as the engine reads them; ${stderr.trim().split("\n").at(-1)}`);

type Line = [name: string, kind: string, file: string, array: string, place: number[][] | null];
const lines: Line[] = stdout
  .trim()
  .split("\n")
  .filter(Boolean)
  .map((line) => JSON.parse(line));
const bytes = (text: string) => Uint8Array.from(Buffer.from(text, "base64"));
const fileOf = (text: string) => new File([bytes(text)], "file");

test.skipIf(isLacking)("the engine made files of each kind", () => {
  expect(status, stderr).toBe(0);
  expect(lines).toHaveLength(33);
});

test.skipIf(isLacking).for(lines)(
  "%s: its numbers and its place are the engine's",
  async (line) => {
    const [, kind, file, array, place] = line;
    const wanted = Array.from(readNpy(bytes(array))?.data ?? []);
    if (kind === "audio") {
      const { channels } = readFlac(bytes(file));
      expect(channels.flatMap((samples) => Array.from(samples))).toEqual(wanted);
      return;
    }
    if (kind === "image") {
      const { data = [] } = readDicomPicture(bytes(file)) ?? {};
      expect(Array.from(data).filter((_, at) => at % 4 < 3)).toEqual(wanted);
      return;
    }
    if (kind === "table") {
      const { rows } = readTable(await fileOf(file).text());
      expect(rows.flat().map(Number)).toEqual(wanted);
      return;
    }
    const grid = await readScan([fileOf(file)]);
    expect(Array.from(grid?.data ?? [])).toEqual(wanted);
    const [spacing, origin, direction] = place ?? [];
    if (place === null) expect(grid?.origin).toBeUndefined();
    for (const [have, want] of [
      [place ? grid?.spacing : undefined, spacing],
      [grid?.origin, origin],
      [grid?.direction, direction],
    ])
      expect(have?.map((value) => Math.round(value * 1e6) / 1e6 + 0)).toEqual(
        want?.map((value) => Math.round(value * 1e6) / 1e6 + 0),
      );
  },
);

test("damaged files are refused with a sentence's end", async () => {
  const flac = lines.find(([name]) => name.startsWith("FLAC"))?.[2];
  const nrrd = lines.find(([name]) => name.startsWith("NRRD, raw"))?.[2];
  if (!flac || !nrrd) return;
  expect(() => readFlac(bytes(flac).subarray(0, 900))).toThrow("shorter than its header says");
  await expect(readScan([new File([bytes(nrrd).subarray(0, -9)], "cut.nrrd")])).rejects.toThrow(
    "it is shorter than its header says",
  );
});
