import type { Socket } from "node:net";

/**
 * A frame between front and worker, the same both ways:
 * u32 header length, header (a JSON object), u32 body length, body. Lengths are big-endian.
 */
export interface Frame {
  header: object;
  body: Buffer;
}

type Part = "headerLength" | "header" | "bodyLength" | "body";

const none = Buffer.alloc(0);
// A length beyond this is no frame but a stream that lost its place.
const maxLength = 2 ** 30;
// To copy this much takes less time than to hand two pieces to the system.
const copiedBytes = 2 ** 15;

/** Write a frame in one go; a large body without copying it. */
export function writeFrame(socket: Socket, header: object, body: Buffer = none): void {
  const json = JSON.stringify(header);
  const length = Buffer.byteLength(json);
  const isSmall = body.length <= copiedBytes;
  const frame = Buffer.allocUnsafe(length + 8 + (isSmall ? body.length : 0));
  frame.writeUInt32BE(length, 0);
  frame.write(json, 4);
  frame.writeUInt32BE(body.length, length + 4);
  if (isSmall) {
    body.copy(frame, length + 8);
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
  #needed = 4;
  #part: Part = "headerLength";
  #header: object = {};

  /** The frames that this chunk completes. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Frame[] = [];
    while (this.#size >= this.#needed) this.#advance(this.#take(this.#needed), frames);
    return frames;
  }

  #advance(bytes: Buffer, frames: Frame[]): void {
    switch (this.#part) {
      case "headerLength":
        this.#expect("header", length(bytes));
        break;
      case "header":
        this.#header = JSON.parse(bytes.toString());
        this.#expect("bodyLength", 4);
        break;
      case "bodyLength":
        this.#expect("body", length(bytes));
        break;
      case "body":
        frames.push({ header: this.#header, body: bytes });
        this.#expect("headerLength", 4);
    }
  }

  #expect(part: Part, bytes: number): void {
    this.#part = part;
    this.#needed = bytes;
  }

  #take(bytes: number): Buffer {
    const first = this.#chunks[0] ?? none;
    const whole = first.length >= bytes ? first : Buffer.concat(this.#chunks);
    if (whole !== first) this.#chunks = [whole];
    this.#size -= bytes;
    if (whole.length === bytes) this.#chunks.shift();
    else this.#chunks[0] = whole.subarray(bytes);
    return whole.subarray(0, bytes);
  }
}

function length(bytes: Buffer): number {
  const value = bytes.readUInt32BE(0);
  if (value > maxLength) throw new Error(`a frame of ${value} bytes is no frame of the worker's`);
  return value;
}
