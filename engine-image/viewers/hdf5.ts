import type { NumberArray } from "./array.ts";
import { address, type Dataset, readNumbers } from "./hdf5-data.ts";

/**
 * The part of HDF5 in which the engine writes its arrays: a few datasets of numbers in the root,
 * contiguous or in chunks with gzip and shuffle, by libraries of HDF5 1.8 to 2.
 */

interface Message {
  type: number;
  at: number;
}

const signature = 0x89484446;

/** The only array of numbers in the file, or the named one; nothing if there is none to read. */
export async function readHdf5(file: Uint8Array, name?: string): Promise<NumberArray | undefined> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.byteLength < 96 || view.getUint32(0) !== signature) return undefined;
  const root = address(view, view.getUint8(8) < 2 ? 64 : 36);
  const links = linksOf(view, messagesOf(view, root));
  const [found, ...others] = links.filter((link) => name === undefined || link.name === name);
  if (others.length > 0) return undefined;
  const dataset = found && datasetOf(view, messagesOf(view, found.at));
  return dataset && { shape: dataset.shape, data: await readNumbers(view, dataset) };
}

function text(view: DataView, at: number, length: number): string {
  return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, length));
}

/** What an object's header says, in its old and its new form, with all continuations. */
function messagesOf(view: DataView, at: number): Message[] {
  if (text(view, at, 4) !== "OHDR") {
    const end = at + 16 + view.getUint32(at + 8, true);
    return blocks(view, at + 16, end, (start) => ({
      type: view.getUint16(start, true),
      size: view.getUint16(start + 2, true),
      header: 8,
    }));
  }
  const flags = view.getUint8(at + 5);
  const sizeAt = at + 6 + (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0);
  const width = 1 << (flags & 3);
  const start = sizeAt + width;
  return blocks(view, start, start + sized(view, sizeAt, width), (place) => ({
    type: view.getUint8(place),
    size: view.getUint16(place + 1, true),
    header: flags & 4 ? 6 : 4,
  }));
}

function blocks(
  view: DataView,
  from: number,
  to: number,
  head: (at: number) => { type: number; size: number; header: number },
): Message[] {
  const messages: Message[] = [];
  let at = from;
  while (at + 4 <= to) {
    const { type, size, header } = head(at);
    const body = at + header;
    if (type === 0x10) {
      const [next, length] = [address(view, body), address(view, body + 8)];
      // The new form has a signature before the messages and a checksum after them.
      const isNew = text(view, next, 4) === "OCHK";
      messages.push(...blocks(view, next + (isNew ? 4 : 0), next + length - (isNew ? 4 : 0), head));
    }
    messages.push({ type, at: body });
    at = body + size;
  }
  return messages;
}

function sized(view: DataView, at: number, width: number): number {
  if (width === 1) return view.getUint8(at);
  if (width === 2) return view.getUint16(at, true);
  return width === 4 ? view.getUint32(at, true) : address(view, at);
}

interface Link {
  name: string;
  at: number;
}

/** What a group holds: links in its header, or a table of symbols in older files. */
function linksOf(view: DataView, messages: readonly Message[]): Link[] {
  return messages.flatMap(({ type, at }) => {
    if (type === 0x06) return link(view, at);
    if (type === 0x11) return symbols(view, address(view, at), heapOf(view, address(view, at + 8)));
    return [];
  });
}

function link(view: DataView, at: number): Link {
  const flags = view.getUint8(at + 1);
  const lengthAt = at + 2 + (flags & 8 ? 1 : 0) + (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
  const width = 1 << (flags & 3);
  const length = sized(view, lengthAt, width);
  const nameAt = lengthAt + width;
  return { name: text(view, nameAt, length), at: address(view, nameAt + length) };
}

/** Where a local heap's names lie. */
function heapOf(view: DataView, at: number): number {
  return address(view, at + 24);
}

function symbols(view: DataView, node: number, heap: number): Link[] {
  const entries = view.getUint16(node + 6, true);
  if (text(view, node, 4) === "TREE")
    return Array.from({ length: entries }, (_, entry) =>
      symbols(view, address(view, node + 32 + entry * 16), heap),
    ).flat();
  return Array.from({ length: entries }, (_, entry) => {
    const at = node + 8 + entry * 40;
    const nameAt = heap + address(view, at);
    const rest = new Uint8Array(view.buffer, view.byteOffset + nameAt);
    return { name: text(view, nameAt, rest.indexOf(0)), at: address(view, at + 8) };
  });
}

/** The dataset that a header describes; nothing where it holds other than numbers. */
function datasetOf(view: DataView, messages: readonly Message[]): Dataset | undefined {
  const place = (type: number) => messages.find((message) => message.type === type)?.at;
  const [space, type, layout, filters] = [place(0x01), place(0x03), place(0x08), place(0x0b)];
  if (space === undefined || type === undefined || layout === undefined) return undefined;
  const kind = view.getUint8(type) & 15;
  const isLittle = (view.getUint8(type + 1) & 1) === 0;
  if (kind > 1 || !isLittle || view.getUint8(layout) > 4) return undefined;

  const dimensions = space + (view.getUint8(space) === 1 ? 8 : 4);
  const shape = Array.from({ length: view.getUint8(space + 1) }, (_, axis) =>
    address(view, dimensions + axis * 8),
  );
  const isSigned = (view.getUint8(type + 1) & 8) !== 0;
  return {
    shape,
    kind: kind === 1 ? "float" : isSigned ? "int" : "uint",
    bytes: view.getUint32(type + 4, true),
    layout,
    filters: filters === undefined ? [] : filtersOf(view, filters),
  };
}

/** Ids of the filters, in the order in which they were applied. */
function filtersOf(view: DataView, at: number): number[] {
  const isFirstVersion = view.getUint8(at) === 1;
  const ids: number[] = [];
  let next = at + (isFirstVersion ? 8 : 2);
  for (let left = view.getUint8(at + 1); left > 0; left -= 1) {
    const id = view.getUint16(next, true);
    const hasName = isFirstVersion || id >= 256;
    const name = hasName ? view.getUint16(next + 2, true) : 0;
    const values = view.getUint16(next + (hasName ? 6 : 4), true);
    const padding = isFirstVersion && values % 2 === 1 ? 4 : 0;
    ids.push(id);
    next += (hasName ? 8 : 6) + name + values * 4 + padding;
  }
  return ids;
}
