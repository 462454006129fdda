import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RequestFolder, takeBody } from "./intake.ts";
import type { Problem } from "./problem.ts";

/** Bodies as a socket brings them: with their head, or after it. */
describe("takeBody", () => {
  const limits = { bodyBytes: 100, memoryBytes: 1000 };
  const server = createServer(async (incoming, outgoing) => {
    const taken = takeBody(incoming, new RequestFolder("/nonexistent", "id"), limits);
    outgoing.end(`<${await taken.catch(({ code }: Problem) => code)}>`);
  });
  beforeAll(() => once(server.listen(0, "127.0.0.1"), "listening"));
  afterAll(() => void server.close());

  it.each([
    ["with its head", [`${head("content-length: 5")}hello`]],
    ["after its head", [head("content-length: 5"), "hello"]],
    ["in two pieces", [`${head("content-length: 5")}he`, "llo"]],
    ["in chunks with its head", [`${head("transfer-encoding: chunked")}5\r\nhello\r\n0\r\n\r\n`]],
    [
      "in chunks whose end comes later",
      [`${head("transfer-encoding: chunked")}5\r\nhello\r\n`, "0\r\n\r\n"],
    ],
  ])("gives a body that comes %s", async (_, pieces) => {
    expect(await replies(pieces)).toEqual(["hello"]);
  });

  it("gives nothing of the next request on the connection", async () => {
    const both = `${head("content-length: 3")}one${head("content-length: 3")}two`;
    expect(await replies([both])).toEqual(["one", "two"]);
  });

  it("gives no bytes where there is no body", async () => {
    expect(await replies([head("content-length: 0")])).toEqual([""]);
  });

  it("refuses a body of more than the limit, though it came with its head", async () => {
    const large = head("content-length: 101") + "x".repeat(101);
    expect(await replies([large])).toEqual(["too_large"]);
  });

  it("doesn't wait for a client that left before anybody read", async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const late = createServer((incoming) => {
      const taken = () => takeBody(incoming, new RequestFolder("/nonexistent", "id"), limits);
      incoming.once("close", () => taken().catch(({ code }: Problem) => resolve(code)));
    });
    await once(late.listen(0, "127.0.0.1"), "listening");
    const socket = connect((late.address() as AddressInfo).port, "127.0.0.1");
    socket.write(head("content-length: 5"), () => socket.destroy());
    expect(await promise).toBe("malformed_request");
    late.close();
  });

  /** What the server replies to what is sent piece by piece. */
  async function replies(pieces: string[]): Promise<string[]> {
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").setNoDelay();
    let text = "";
    socket.on("data", (piece) => {
      text += piece;
    });
    for (const piece of pieces) {
      socket.write(piece);
      await delay(30);
    }
    socket.end();
    await once(socket, "close");
    return [...text.matchAll(/<(.*?)>/g)].map(([, body]) => body ?? "");
  }
});

function head(header: string): string {
  return `POST / HTTP/1.1\r\nhost: here\r\n${header}\r\n\r\n`;
}
