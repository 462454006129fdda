import { BitReader } from "./bits.ts";
import type { Recording } from "./wav.ts";

/** What the file says of all its samples. */
interface Stream {
  sampleRate: number;
  channels: number;
  bits: number;
  length: number;
}

type Samples = Float64Array<ArrayBuffer>;

/** Whether a file begins as FLAC does. */
export function isFlac(file: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(file.subarray(0, 4)) === "fLaC";
}

/**
 * The recording in a FLAC file (RFC 9639), its samples from -1 to 1. Checksums are not compared. Throws a
 * sentence's end for a file that is damaged or doesn't say how long it is.
 */
export function readFlac(file: Uint8Array): Recording {
  const reader = new BitReader(file);
  const stream = readMetadata(reader);
  const { sampleRate, channels, bits, length } = stream;
  if (length === 0) throw new Error("it doesn't say how many samples it has");
  const recording = Array.from({ length: channels }, () => new Float32Array(length));
  let done = 0;
  while (done < length) {
    const frame = readFrame(reader, stream);
    const size = frame[0]?.length ?? 0;
    for (const [at, samples] of frame.entries())
      for (let place = 0; place < Math.min(size, length - done); place += 1)
        (recording[at] as Float32Array)[done + place] = (samples[place] ?? 0) / 2 ** (bits - 1);
    done += size;
  }
  return { sampleRate, channels: recording };
}

const streamInfo = 0;

function readMetadata(reader: BitReader): Stream {
  reader.skip(32);
  let stream: Stream | undefined;
  for (;;) {
    const isLast = reader.read(1) === 1;
    const kind = reader.read(7);
    const length = reader.read(24);
    if (kind === streamInfo) {
      // Sizes of blocks and of frames, which nothing here needs.
      reader.skip(80);
      const [sampleRate, channels, bits] = [
        reader.read(20),
        reader.read(3) + 1,
        reader.read(5) + 1,
      ];
      stream = { sampleRate, channels, bits, length: reader.read(4) * 2 ** 32 + reader.read(32) };
      reader.skip(128);
    } else reader.skip(length * 8);
    if (!isLast) continue;
    if (!stream) throw new Error("it has no header of a stream");
    return stream;
  }
}

// Channels as they are told: side is left less right, and middle their mean.
const [leftSide, sideRight] = [8, 9];

/** The samples of one frame, by channel. */
function readFrame(reader: BitReader, { bits, channels }: Stream): Samples[] {
  if (reader.read(15) !== 0b111111111111100)
    throw new Error("it is damaged: a frame doesn't begin");
  reader.skip(1);
  const [sizeCode, rateCode, assignment] = [reader.read(4), reader.read(4), reader.read(4)];
  reader.skip(4);
  skipNumber(reader);
  const size = blockSize(reader, sizeCode);
  if (rateCode >= 12) reader.skip(rateCode === 12 ? 8 : 16);
  reader.skip(8);
  const count = assignment < leftSide ? assignment + 1 : 2;
  if (count !== channels) throw new Error("its number of channels changes");
  const frame = Array.from({ length: count }, (_, channel) => {
    const isSide = assignment === sideRight ? channel === 0 : assignment > 7 && channel === 1;
    return readSubframe(reader, size, bits + (isSide ? 1 : 0));
  });
  reader.align();
  reader.skip(16);
  return together(frame, assignment);
}

/** The frame's own number, in as many bytes as its first one's leading ones say. */
function skipNumber(reader: BitReader): void {
  const first = reader.read(8);
  for (let bit = 0x40; first & 0x80 && first & bit; bit >>= 1) reader.skip(8);
}

function blockSize(reader: BitReader, code: number): number {
  if (code === 1) return 192;
  if (code === 6) return reader.read(8) + 1;
  if (code === 7) return reader.read(16) + 1;
  return code < 6 ? 576 * 2 ** (code - 2) : 256 * 2 ** (code - 8);
}

function together([first, second]: Samples[], assignment: number): Samples[] {
  if (!first) return [];
  if (!second || assignment < leftSide) return second ? [first, second] : [first];
  for (let at = 0; at < first.length; at += 1) {
    const [a, b] = [first[at] ?? 0, second[at] ?? 0];
    if (assignment === leftSide) second[at] = a - b;
    else if (assignment === sideRight) first[at] = a + b;
    else {
      // The mean lost its last bit, which is that of the difference.
      const sum = a * 2 + (Math.abs(b) % 2);
      first[at] = (sum + b) / 2;
      second[at] = (sum - b) / 2;
    }
  }
  return [first, second];
}

/** One channel of a frame. */
function readSubframe(reader: BitReader, size: number, bits: number): Samples {
  reader.skip(1);
  const kind = reader.read(6);
  const wasted = reader.read(1) === 1 ? reader.readUnary() + 1 : 0;
  const samples = readSamples(reader, kind, size, bits - wasted);
  return wasted > 0 ? samples.map((sample) => sample * 2 ** wasted) : samples;
}

function readSamples(reader: BitReader, kind: number, size: number, bits: number): Samples {
  const samples = new Float64Array(size);
  if (kind === 0) return samples.fill(reader.readSigned(bits));
  const order = kind === 1 ? size : kind < 32 ? kind - 8 : kind - 31;
  if (order < 0 || order > size || (kind < 32 && kind > 12))
    throw new Error("it is damaged: a part of it is of no known kind");
  for (let at = 0; at < order; at += 1) samples[at] = reader.readSigned(bits);
  if (kind === 1) return samples;
  const { coefficients, shift } = kind < 32 ? fixed(order) : readPredictor(reader, order);
  readResidual(reader, samples, order);
  for (let at = order; at < size; at += 1) {
    let sum = 0;
    for (let back = 0; back < order; back += 1)
      sum += (coefficients[back] ?? 0) * (samples[at - 1 - back] ?? 0);
    samples[at] = (samples[at] ?? 0) + Math.floor(sum / 2 ** shift);
  }
  return samples;
}

const fixedCoefficients = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

const fixed = (order: number) => ({ coefficients: fixedCoefficients[order] ?? [], shift: 0 });

function readPredictor(reader: BitReader, order: number) {
  const precision = reader.read(4) + 1;
  const shift = reader.readSigned(5);
  const coefficients = Array.from({ length: order }, () => reader.readSigned(precision));
  return { coefficients, shift };
}

/** What the prediction leaves, in the code of Rice; partitions have a parameter each. */
function readResidual(reader: BitReader, samples: Samples, order: number): void {
  const width = reader.read(2) === 0 ? 4 : 5;
  const partitions = 2 ** reader.read(4);
  const length = samples.length / partitions;
  for (let partition = 0; partition < partitions; partition += 1) {
    const parameter = reader.read(width);
    const raw = parameter === 2 ** width - 1 ? reader.read(5) : undefined;
    const from = partition === 0 ? order : partition * length;
    for (let at = from; at < (partition + 1) * length; at += 1)
      samples[at] = raw === undefined ? reader.readRice(parameter) : reader.readSigned(raw);
  }
}
