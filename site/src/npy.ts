const readers: Record<string, { bytes: number; read: (view: DataView, at: number) => number }> = {
  "<f4": { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  "<f8": { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  "<i2": { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  "<i4": { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  "<i8": { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  "|i1": { bytes: 1, read: (view, at) => view.getInt8(at) },
  "<u2": { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  "|u1": { bytes: 1, read: (view, at) => view.getUint8(at) },
  "|b1": { bytes: 1, read: (view, at) => view.getUint8(at) },
};

/** The numbers of a `.npy` file, flat; nothing if it holds what can't be drawn. */
export function readNpy(file: Uint8Array): number[] | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.byteLength < 12 || view.getUint32(0) !== 0x934e554d) return undefined;

  const isFirstVersion = view.getUint8(6) === 1;
  const headerAt = isFirstVersion ? 10 : 12;
  const dataAt = headerAt + (isFirstVersion ? view.getUint16(8, true) : view.getUint32(8, true));
  const header = new TextDecoder("latin1").decode(file.subarray(headerAt, dataAt));
  const reader = readers[/'descr':\s*'([^']+)'/.exec(header)?.[1] ?? ""];
  if (reader === undefined) return undefined;

  const length = Math.floor((view.byteLength - dataAt) / reader.bytes);
  return Array.from({ length }, (_, index) => reader.read(view, dataAt + index * reader.bytes));
}
