import { type Numbers, numbers, type Read, reader } from "./npy.ts";

/** A dataset's numbers as the file describes them. */
export interface Dataset {
  shape: number[];
  kind: "float" | "int" | "uint";
  /** Of one number. */
  bytes: number;
  /** Where the message of its layout lies. */
  layout: number;
  filters: number[];
}

/** Addresses and sizes have 64 bits; of those a file in memory needs 53. */
export function address(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

const gzip = 1;
const shuffle = 2;

/** All numbers of a dataset, in C order. Throws for a layout or filter that isn't read here. */
export async function readNumbers(view: DataView, dataset: Dataset): Promise<Numbers> {
  const { shape, bytes, layout } = dataset;
  const read = reader(dataset.kind, bytes);
  const length = shape.reduce((product, size) => product * size, 1);
  const data = numbers(dataset.kind, bytes, length);
  const layoutClass = view.getUint8(layout + 1);
  if (layoutClass === 2 && view.getUint8(layout) === 3) {
    await readChunks(view, dataset, read, data);
    return data;
  }
  if (layoutClass > 1) throw new Error("HDF5: a layout that isn't read here");
  const start = layoutClass === 0 ? layout + 4 : address(view, layout + 2);
  for (let at = 0; at < data.length; at += 1) data[at] = read(view, start + at * bytes);
  return data;
}

async function readChunks(
  view: DataView,
  { shape, bytes, layout, filters }: Dataset,
  read: Read,
  data: Numbers,
): Promise<void> {
  const chunk = shape.map((_, axis) => view.getUint32(layout + 11 + axis * 4, true));
  for (const { at, size, place } of chunksOf(view, address(view, layout + 3), shape.length)) {
    const stored = new Uint8Array(view.buffer, view.byteOffset + at, size);
    const plain = await unfilter(stored, filters, bytes);
    const source = new DataView(plain.buffer, plain.byteOffset, plain.byteLength);
    copy(source, chunk, place, shape, data, (from) => read(source, from * bytes));
  }
}

interface Chunk {
  at: number;
  size: number;
  place: number[];
}

/** Every chunk that a tree leads to. */
function chunksOf(view: DataView, node: number, rank: number): Chunk[] {
  const isLeaf = view.getUint8(node + 5) === 0;
  const step = 8 + (rank + 1) * 8 + 8;
  return Array.from({ length: view.getUint16(node + 6, true) }, (_, entry): Chunk[] => {
    const key = node + 24 + entry * step;
    const child = address(view, key + step - 8);
    if (!isLeaf) return chunksOf(view, child, rank);
    const place = Array.from({ length: rank }, (_, axis) => address(view, key + 8 + axis * 8));
    return [{ at: child, size: view.getUint32(key, true), place }];
  }).flat();
}

async function unfilter(bytes: Uint8Array, filters: number[], width: number): Promise<Uint8Array> {
  let plain = bytes;
  for (const filter of filters.toReversed()) {
    if (filter === gzip) plain = await inflate(plain);
    else if (filter === shuffle) plain = unshuffle(plain, width);
    else throw new Error(`HDF5: filter ${filter} isn't read here`);
  }
  return plain;
}

async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Put the bytes of each number together again: first came all first bytes, then all second ones. */
function unshuffle(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / width);
  const plain = new Uint8Array(bytes.length);
  for (let byte = 0; byte < width; byte += 1)
    for (let at = 0; at < count; at += 1) plain[at * width + byte] = bytes[byte * count + at] ?? 0;
  return plain;
}

/** Copy a chunk to its place; at the array's edge part of it is filling. */
function copy(
  source: DataView,
  chunk: number[],
  place: number[],
  shape: number[],
  data: Numbers,
  read: (from: number) => number,
): void {
  const step = (axis: number, from: number, to: number): void => {
    const left = Math.min(chunk[axis] ?? 1, (shape[axis] ?? 1) - (place[axis] ?? 0));
    for (let at = 0; at < left; at += 1) {
      const next = from * (chunk[axis] ?? 1) + at;
      const end = to * (shape[axis] ?? 1) + (place[axis] ?? 0) + at;
      if (axis === shape.length - 1) data[end] = read(next);
      else step(axis + 1, next, end);
    }
  };
  if (source.byteLength > 0) step(0, 0, 0);
}
