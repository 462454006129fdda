/**
 * Pixels of one frame of DICOM, lowest byte first, out of the runs that they are written in (PS3.5,
 * annex G): the bytes of all pixels by their place, the highest first. Nothing where they are damaged.
 */
export function readRuns(
  [frame, ...more]: readonly Uint8Array[],
  pixels: number,
  bytes: number,
): Uint8Array | undefined {
  if (!frame || more.length > 0 || frame.length < 64) return undefined;
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (view.getUint32(0, true) !== bytes) return undefined;
  const starts = Array.from({ length: bytes }, (_, at) => view.getUint32(4 + at * 4, true));
  const out = new Uint8Array(pixels * bytes);
  for (const [place, start] of starts.entries()) {
    const segment = frame.subarray(start, starts[place + 1] ?? frame.length);
    const at = bytes - 1 - place;
    if (writeRuns(segment, pixels, (pixel, value) => (out[pixel * bytes + at] = value)) < pixels)
      return undefined;
  }
  return out;
}

/** Writes what the runs stand for; returns how many bytes that were. */
function writeRuns(
  runs: Uint8Array,
  most: number,
  write: (place: number, value: number) => void,
): number {
  let done = 0;
  for (let at = 0; at < runs.length && done < most; ) {
    const head = runs[at] as number;
    at += 1;
    if (head === 128) continue;
    const isSame = head > 128;
    const length = isSame ? 257 - head : head + 1;
    for (let step = 0; step < length && done < most; step += 1, done += 1)
      write(done, runs[isSame ? at : at + step] ?? 0);
    at += isSame ? 1 : length;
  }
  return done;
}
