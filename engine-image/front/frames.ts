import type { Socket } from "node:net";

/**
 * A frame between front and worker, the same both ways:
 * u32 header length, u32 body length, header (a JSON object), body. Lengths are big-endian.
 */
export interface Frame {
  header: object;
  body: Buffer;
}

const none = Buffer.alloc(0);
const lengthsBytes = 8;
// A length beyond this is no frame but a stream that lost its place.
const maxLength = 2 ** 30;
// To copy this much takes less time than to hand two pieces to the system.
const copiedBytes = 2 ** 15;

/** Write a frame in one go; a large body without copying it. */
export function writeFrame(socket: Socket, header: object, body: Buffer = none): void {
  const json = JSON.stringify(header);
  const length = Buffer.byteLength(json);
  const isSmall = body.length <= copiedBytes;
  const frame = Buffer.allocUnsafe(lengthsBytes + length + (isSmall ? body.length : 0));
  frame.writeUInt32BE(length, 0);
  frame.writeUInt32BE(body.length, 4);
  frame.write(json, lengthsBytes);
  if (isSmall) {
    body.copy(frame, lengthsBytes + length);
    socket.write(frame);
    return;
  }
  socket.cork();
  socket.write(frame);
  socket.write(body);
  socket.uncork();
}

/** Frames out of a stream's chunks, however they are cut. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;
  #needed = lengthsBytes;

  /** The frames that this chunk completes. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Frame[] = [];
    if (this.#size < this.#needed) return frames;
    let rest = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks);
    for (;;) {
      this.#needed = frameBytes(rest);
      if (rest.length < this.#needed) break;
      frames.push(frameOf(rest));
      rest = rest.subarray(this.#needed);
    }
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#size = rest.length;
    return frames;
  }
}

/** Bytes of the frame that begins here; of its lengths, where they aren't all there. */
function frameBytes(bytes: Buffer): number {
  if (bytes.length < lengthsBytes) return lengthsBytes;
  return lengthsBytes + lengthAt(bytes, 0) + lengthAt(bytes, 4);
}

function frameOf(bytes: Buffer): Frame {
  const start = lengthsBytes + lengthAt(bytes, 0);
  const header = JSON.parse(bytes.toString("utf8", lengthsBytes, start));
  return { header, body: bytes.subarray(start, start + lengthAt(bytes, 4)) };
}

function lengthAt(bytes: Buffer, place: number): number {
  const length = bytes.readUInt32BE(place);
  if (length > maxLength) throw new Error(`a frame of ${length} bytes is no frame of the worker's`);
  return length;
}
