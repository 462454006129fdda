import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What goes into the models of the test catalog. */

const samples = join(dirname(fileURLToPath(import.meta.url)), "../samples");

/** One input: a picture of the samples folder, or a made-up picture or sound. */
export interface InputFile {
  file: string;
  content: Buffer;
}

export const picture = (file: string): InputFile => ({
  file,
  content: readFileSync(join(samples, file)),
});

/** Two pixels, red and blue, as an uncompressed bitmap. */
export function bitmap(): InputFile {
  const content = Buffer.alloc(62);
  content.write("BM");
  content.writeUInt32LE(content.length, 2);
  content.writeUInt32LE(54, 10);
  content.writeUInt32LE(40, 14);
  content.writeInt32LE(2, 18);
  content.writeInt32LE(1, 22);
  content.writeUInt16LE(1, 26);
  content.writeUInt16LE(24, 28);
  content.set([0, 0, 255, 255, 0, 0], 54);
  return { file: "pixels.bmp", content };
}

/** Sixteen kilohertz of hum with two words in it. */
export function sound(): InputFile {
  const length = 16_000;
  const wave = Float32Array.from({ length }, (_, at) => {
    const t = at / length;
    const isWord = (t > 0.18 && t < 0.42) || (t > 0.58 && t < 0.86);
    const body = isWord ? Math.sin(t * 13) ** 2 * 0.8 : 0.02;
    return body * Math.sin(t * 900) * Math.cos(t * 37 + Math.sin(t * 60));
  });
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 16000), }";
  const padded = `${header.padEnd(117)}\n`;
  const start = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length, 0]);
  return {
    file: "words.npy",
    content: Buffer.concat([start, Buffer.from(padded), Buffer.from(wave.buffer)]),
  };
}
