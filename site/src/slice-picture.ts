import { crc32, deflateSync } from "node:zlib";
import { volumeOfGrid } from "#viewers/grid.ts";
import type { Plane } from "#viewers/plane.ts";
import { readScan } from "#viewers/scan.ts";
import { cuts, greyRange, sliceOf } from "#viewers/volume.ts";

// A page carries the picture in itself, so it is small.
const mostPixels = 96;

/** The middle of a scan as a small grey PNG in a `data:` address; nothing where the file is another. */
export async function slicePicture(file: File): Promise<string | undefined> {
  const grid = await readScan([file]).catch(() => undefined);
  if (!grid) return undefined;
  const volume = volumeOfGrid(grid);
  const [axial] = cuts;
  const plane = sliceOf(volume, axial, Math.floor(volume.axes[2].size / 2));
  const { min, max } = greyRange(volume);
  const grey = (value: number) => Math.min(255, Math.max(0, ((value - min) / (max - min)) * 255));
  return `data:image/png;base64,${png(thinned(plane), grey).toString("base64")}`;
}

/** Every n-th row and column, so that the longer side has no more than the most pixels. */
function thinned({ width, height, at }: Plane): Plane {
  const step = Math.max(1, Math.ceil(Math.max(width, height) / mostPixels));
  return {
    width: Math.floor(width / step),
    height: Math.floor(height / step),
    at: (column, row) => at(column * step, row * step),
  };
}

function png({ width, height, at }: Plane, grey: (value: number) => number): Buffer {
  const rows = Buffer.alloc(height * (width + 1));
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1)
      rows[row * (width + 1) + column + 1] = grey(at(column, row));
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(kind: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
