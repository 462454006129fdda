import { expect, test } from "vitest";
import { readWav, writeWav } from "./wav.ts";

const bytesOf = async (file: Blob) => new Uint8Array(await file.arrayBuffer());

/** A WAV file with these samples, as they are stored. */
function wav(format: number, bits: number, channels: number, stored: Uint8Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(54 + stored.length));
  const write = (at: number, text: string) => {
    for (const [place, letter] of [...text].entries())
      view.setUint8(at + place, letter.charCodeAt(0));
  };
  write(0, "RIFF");
  write(8, "WAVE");
  // A chunk that says nothing, of an odd length.
  write(12, "LIST");
  view.setUint32(16, 1, true);
  write(22, "fmt ");
  view.setUint32(26, 16, true);
  view.setUint16(30, format, true);
  view.setUint16(32, channels, true);
  view.setUint32(34, 8000, true);
  view.setUint16(44, bits, true);
  write(46, "data");
  view.setUint32(50, stored.length, true);
  const file = new Uint8Array(view.buffer);
  file.set(stored, 54);
  return file;
}

test("what is written reads back, to the sixteenth bit", async () => {
  const samples = Float32Array.of(0, 0.5, -0.5, 1, -1);
  const { channels, sampleRate } = readWav(await bytesOf(writeWav(samples, 22_050)));
  expect(sampleRate).toBe(22_050);
  for (const [at, sample] of samples.entries()) expect(channels[0]?.[at]).toBeCloseTo(sample, 4);
});

test.each([
  [1, 8, Uint8Array.of(128, 192, 0, 128)],
  [1, 16, new Uint8Array(Int16Array.of(0, 16_384, -32_768, 0).buffer)],
  [1, 24, Uint8Array.of(0, 0, 0, 0, 0, 0x40, 0, 0, 0x80, 0, 0, 0)],
  [1, 32, new Uint8Array(Int32Array.of(0, 2 ** 30, -(2 ** 31), 0).buffer)],
  [3, 32, new Uint8Array(Float32Array.of(0, 0.5, -1, 0).buffer)],
  [3, 64, new Uint8Array(Float64Array.of(0, 0.5, -1, 0).buffer)],
])("format %d with %d bits is read, channel by channel", (format, bits, stored) => {
  const { channels } = readWav(wav(format, bits, 2, stored));
  expect(channels.map((channel) => Array.from(channel))).toEqual([
    [0, -1],
    [0.5, 0],
  ]);
});

test.each([
  ["it is no WAV file", Uint8Array.from({ length: 60 })],
  ["it is shorter than its header says", wav(1, 16, 1, new Uint8Array(8)).subarray(0, -2)],
  ["it holds samples of format 2 with 4 bits", wav(2, 4, 1, new Uint8Array(8))],
])("a file is refused: %s", (words, file) => {
  expect(() => readWav(file)).toThrow(words);
});
