import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { link } from "./links.ts";

/** Pixels row by row: one byte each for grey, four for red, green, blue and opacity. */
export interface Pixels {
  width: number;
  height: number;
  channels: 1 | 4;
  data: Uint8Array | Uint8ClampedArray;
}

const colourTypes = { 1: 0, 4: 6 } as const;

/** A picture of the site. */
export interface Picture {
  src: string;
  width: number;
  height: number;
}

// Where the site is built to; while it is developed there is no such folder.
const out = process.env["MODELHUB_SITE_OUT"];

/** Pixels as a picture: a file beside the pages, so that these stay light. */
export function pictureOf(pixels: Pixels): Picture {
  const { width, height } = pixels;
  const file = png(pixels);
  if (!out) return { src: `data:image/png;base64,${file.toString("base64")}`, width, height };
  const name = `${createHash("sha256").update(file).digest("hex").slice(0, 16)}.png`;
  mkdirSync(join(out, "pictures"), { recursive: true });
  writeFileSync(join(out, "pictures", name), file);
  return { src: link(`pictures/${name}`), width, height };
}

function png({ width, height, channels, data }: Pixels): Buffer {
  const line = width * channels;
  // Each row begins with its filter; 0 is none.
  const rows = Buffer.alloc(height * (line + 1));
  for (let row = 0; row < height; row += 1)
    rows.set(data.subarray(row * line, (row + 1) * line), row * (line + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = colourTypes[channels];
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
