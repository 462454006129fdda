import { crc32, deflateSync } from "node:zlib";
import { expect, test } from "../../../site/e2e/test.ts";
import { moduleOf } from "./module.ts";

/** Red, green, blue and how far they are seen, from not at all to wholly. */
const pixels = [200, 100, 50, 0, 9, 99, 199, 1, 33, 66, 132, 128, 250, 5, 77, 254, 1, 2, 3, 255];

/** A PNG of one row. */
function png(row: readonly number[]): string {
  const head = Buffer.from([0, 0, 0, row.length / 4, 0, 0, 0, 1, 8, 6, 0, 0, 0]);
  const rows = deflateSync(Buffer.from([0, ...row]));
  const parts = [chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...parts]).toString("base64");
}

function chunk(name: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

test("a pixel keeps its colour however little of it is seen, as in the engine", async ({
  page,
}) => {
  const module = await moduleOf('export { pixelsOfBitmap } from "#viewers/bitmap-pixels.ts";');
  const found = await page.evaluate(
    async ([address, text]) => {
      const { pixelsOfBitmap } = await import(address);
      const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]), { premultiplyAlpha: "none" });
      return [...pixelsOfBitmap(bitmap).data];
    },
    [module, png(pixels)] as const,
  );
  expect(found).toEqual(pixels);
});
