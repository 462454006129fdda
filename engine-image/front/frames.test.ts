import type { Socket } from "node:net";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { FrameReader, writeFrame } from "./frames.ts";

function bytesOf(header: object, body?: Buffer): Buffer {
  const stream = new PassThrough();
  writeFrame(stream as unknown as Socket, header, body);
  return stream.read();
}

describe("frames", () => {
  it("are lengths, a JSON header and a body", () => {
    expect(bytesOf({ a: "é" }, Buffer.from("xyz"))).toEqual(
      Buffer.from('\0\0\0\x0a\0\0\0\x03{"a":"\xc3\xa9"}xyz', "latin1"),
    );
  });

  it.each([1, 2, 3, 7, 64, 10_000])("are read from chunks of %i bytes", (size) => {
    const sent = [
      { header: { type: "one" }, body: Buffer.from("") },
      { header: { type: "two", text: "ü".repeat(50) }, body: Buffer.alloc(300, 7) },
      { header: {}, body: Buffer.from([0]) },
    ];
    const bytes = Buffer.concat(sent.map(({ header, body }) => bytesOf(header, body)));
    const reader = new FrameReader();
    const read = [];
    for (let at = 0; at < bytes.length; at += size)
      read.push(...reader.push(bytes.subarray(at, at + size)));
    expect(read).toEqual(sent);
  });

  it("refuse a length that no frame has, and a header that is no JSON", () => {
    expect(() => new FrameReader().push(Buffer.alloc(8, 255))).toThrow(/no frame/);
    expect(() => new FrameReader().push(Buffer.from("\0\0\0\x01\0\0\0\0x"))).toThrow(/JSON/);
  });
});
