import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { models, npy, pythonLack, startServer, type TestServer } from "./tests/server.ts";

/** What the front's process holds once it has answered, as its own debugger tells. */

describe.skipIf(pythonLack)("the memory of the front", () => {
  it("is small, and no more after many requests than after a few", async () => {
    const server = await startServer(join(models, "steady-process"), {
      NODE_OPTIONS: "--inspect=127.0.0.1:0",
    });
    const memory = await memoryOf(server);
    await predict(server, 400);
    const before = await memory.inUse();
    await predict(server, 600);
    const after = await memory.inUse();
    // With a debugger at it, it would not end.
    memory.close();
    expect(after).toBeLessThan(12 * 2 ** 20);
    // For each about as much as its body has.
    expect(after - before).toBeLessThan(600 * 1024);
    await server.stop();
  });
});

/** Makes that many predictions over 8 connections, and reads what each gave. */
async function predict(server: TestServer, count: number): Promise<void> {
  const numbers = Array.from({ length: count }, (_, number) => number);
  const client = async () => {
    for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
      const reply = await server.fetch("/api/predict", {
        method: "POST",
        body: npy([number, 0, ...Array(200).fill(0)]),
        headers: { "content-type": "application/x-npy" },
      });
      expect(await reply.text()).toContain(`"prediction":[${number}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, client));
}

/** The debugger of the front: it tells the bytes in use, on the heap and in buffers, all else collected. */
async function memoryOf(server: TestServer) {
  const [address = ""] = /ws:\S+/.exec(server.output()) ?? [];
  const socket = new WebSocket(address);
  await new Promise((open) => socket.addEventListener("open", open));
  const ask = (method: string) => {
    socket.send(JSON.stringify({ id: 1, method }));
    return new Promise<Record<string, number>>((answered) => {
      socket.onmessage = ({ data }) => answered(JSON.parse(data).result);
    });
  };
  const inUse = async () => {
    await ask("HeapProfiler.collectGarbage");
    const { usedSize = 0, backingStorageSize = 0 } = await ask("Runtime.getHeapUsage");
    return usedSize + backingStorageSize;
  };
  return { inUse, close: () => socket.close() };
}
