import { expect, test } from "vitest";
import { ReplyReader } from "./reply-reader.ts";

const replies = {
  "a length": "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
  "no body": "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
  chunks:
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nB\r\n 0\r\n\r\nworld\r\n0\r\n\r\n",
};

test.each(Object.entries(replies))("ends a reply with %s at its last byte", (_, reply) => {
  for (const size of [1, 2, 7, reply.length]) {
    const reader = new ReplyReader();
    const ends: boolean[] = [];
    for (let at = 0; at < reply.length; at += size)
      ends.push(reader.push(Buffer.from(reply.slice(at, at + size))));
    expect(ends.at(-1)).toBe(true);
    expect(ends.slice(0, -1)).not.toContain(true);
  }
});

test("leaves a reply without a length to the end of the connection", () => {
  const reader = new ReplyReader();
  expect(reader.push(Buffer.from("HTTP/1.0 400 Bad Request\r\n\r\nno"))).toBe(false);
  expect(reader).toMatchObject({ status: 400, keeps: false });
  expect(reader.end()).toBe(true);
});

test("sees that a server hangs up after each reply", () => {
  const reader = new ReplyReader();
  reader.push(Buffer.from("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
  expect(reader.keeps).toBe(false);
});
