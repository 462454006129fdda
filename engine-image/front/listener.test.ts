import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { createServer, get, request } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { listener } from "./listener.ts";
import { reply } from "./reply.ts";
import { models, npy, pythonLack, startServer, type TestServer } from "./tests/server.ts";

describe.skipIf(pythonLack)("a client that leaves in the middle of a large file", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(join(models, "slow"));
  });
  afterAll(() => server.stop());
  // More than what the kernel takes on its way to a client that doesn't read.
  const large = npy(new Array<number>(10_000_000).fill(7).fill(0, 0, 1));

  it("leaves no open file and no file behind, and the server goes on", async () => {
    expect(await last(server, [0, 7])).toBe(7);
    const before = openFiles(server);
    await leave(server, large);
    await expect.poll(() => openFiles(server)).toEqual(before);
    expect(files(server)).toEqual([]);
    // Node closes what is forgotten when it comes upon it, and says so.
    expect(server.output()).not.toContain("garbage collection");
    expect(await last(server, [0, 8])).toBe(8);
  });
});

describe("the maker of a reply's pieces is told when its client leaves", () => {
  it("while the next piece is made, and no more are made", async () => {
    const { promise: left, resolve: leaveNow } = Promise.withResolvers<void>();
    const made = await making(async (count) => {
      if (count > 0) await left;
      return Buffer.from("a piece");
    }, leaveNow);
    expect(made).toBe(1);
  });

  it("while a piece waits for a client that doesn't read", async () => {
    // More than what the kernel takes on its way.
    const large = Buffer.alloc(2 ** 26);
    expect(await making(async () => large)).toBe(1);
  });

  /** How many pieces are made for a client that leaves with the first; it is over when all is told. */
  async function making(
    make: (count: number) => Promise<Buffer>,
    hasLeft: () => void = () => {},
  ): Promise<number> {
    let [made, isOver] = [0, false];
    async function* pieces() {
      try {
        for (; made < 10; made++) yield await make(made);
      } finally {
        isOver = true;
      }
    }
    const server = createServer(listener(new Hono().get("/", () => reply(pieces()))));
    server.on("request", (_, outgoing) => outgoing.once("close", hasLeft));
    onTestFinished(() => void server.close());
    await once(server.listen(0, "127.0.0.1"), "listening");
    const asked = get({ port: (server.address() as AddressInfo).port });
    const [reading] = await once(asked, "response");
    await once(reading, "data");
    reading.pause();
    asked.destroy();
    await expect.poll(() => isOver).toBe(true);
    return made;
  }
});

const headers = { "content-type": "application/x-npy", accept: "application/x-npy" };

/** The last number of what the model gives for the numbers. */
async function last(server: TestServer, numbers: number[]): Promise<number> {
  const body = npy(numbers);
  const reply = await server.fetch("/api/predict", { method: "POST", headers, body });
  return Buffer.from(await reply.arrayBuffer()).readDoubleLE(120 + 8 * numbers.length);
}

/** Ask for a prediction, and hang up when its first bytes are there. */
function leave(server: TestServer, body: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(`${server.url}/api/predict`, { method: "POST", headers }, (reply) => {
      expect(openFiles(server).some((path) => path.includes("(deleted)"))).toBe(true);
      reply.once("data", () => {
        asked.destroy();
        resolve();
      });
    });
    asked.once("error", reject);
    asked.end(body);
  });
}

/** What the front has open below its temporary folder. */
function openFiles({ workerPid, temporary }: TestServer): string[] {
  const [, front] = /\) \S (\d+)/.exec(readFileSync(`/proc/${workerPid()}/stat`, "utf8")) ?? [];
  const folder = `/proc/${front}/fd`;
  return readdirSync(folder)
    .map((name) => readlinkSync(join(folder, name)))
    .filter((path) => path.startsWith(temporary));
}

function files({ temporary }: TestServer): string[] {
  return readdirSync(temporary, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}
