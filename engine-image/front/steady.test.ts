import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { startJob } from "./tests/job.ts";
import { models, npy, pythonLack, startServer, type TestServer } from "./tests/server.ts";

/** What a server must do for weeks: the real front with real workers. */

interface Reply {
  status: number;
  numbers: number[];
}

async function predict(server: TestServer, ...numbers: number[]): Promise<Reply> {
  const response = await server.fetch("/api/predict", {
    method: "POST",
    body: npy(numbers),
    headers: { "content-type": "application/x-npy" },
  });
  const { output } = (await response.json()) as { output?: { prediction: number[] }[] };
  return { status: response.status, numbers: output?.[0]?.prediction ?? [] };
}

describe.skipIf(pythonLack)("a server whose worker is killed", () => {
  it("answers each of many requests with its own numbers or a 503, and soon all again", async () => {
    const server = await startServer(join(models, "steady-process"));
    const requests = Array.from({ length: 300 }, (_, index) => index);
    const replies = new Map<number, Reply>();
    const client = async () => {
      for (let number = requests.shift(); number !== undefined; number = requests.shift()) {
        const reply = await predict(server, number, 1);
        replies.set(number, reply);
        if (reply.status === 503) await server.until(200);
      }
    };
    const clients = Promise.all(Array.from({ length: 8 }, client));
    for (const _ of [1, 2]) {
      await delay(400);
      process.kill(server.workerPid(), "SIGKILL");
      await expect.poll(() => predict(server, 0, 0)).toMatchObject({ status: 200 });
    }
    await clients;
    expect(replies.size).toBe(300);
    for (const [number, { status, numbers }] of replies)
      if (status === 200) expect(numbers[0]).toBe(number);
      else expect(status).toBe(503);
    const failed = [...replies.values()].filter(({ status }) => status !== 200);
    expect(failed.length).toBeLessThan(100);
    expect(await server.metric("modelhub_worker_restarts_total")).toBe(2);
    await server.stop();
  });
});

describe.skipIf(pythonLack)("a worker that is killed with a request sent ahead", () => {
  it("loses the one that it works on; the next one is answered by its successor", async () => {
    const server = await startServer(join(models, "steady-process"));
    const working = await startJob(server, npy([1, 6000]));
    const next = predict(server, 2, 1);
    await expect.poll(() => server.metric("modelhub_queue_depth")).toBe(1);
    process.kill(server.workerPid(), "SIGKILL");
    await expect.poll(async () => (await working.result()).status).toBe(503);
    const { status, numbers } = await next;
    expect([status, numbers[0]]).toEqual([200, 2]);
    await server.stop();
  });
});

describe.skipIf(pythonLack)("several workers", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer(join(models, "steady-process"), {
      MODELHUB_WORKERS: "gpus",
      CUDA_VISIBLE_DEVICES: "4,7",
    });
    await vi.waitFor(() => both(server), { timeout: 60_000 });
  });
  afterAll(() => server.stop());

  it("work at the same time, each on a GPU of its own", async () => {
    const { pids, numbers } = await pair(server);
    expect(pids.size).toBe(2);
    expect(numbers).toEqual([1, 2]);
  });

  it("do without one that died, until it is back", async () => {
    const [pid = 0] = (await pair(server)).pids;
    process.kill(pid, "SIGKILL");
    await expect.poll(() => server.output()).toContain("was ended by SIGKILL");
    expect((await server.fetch("/health/ready")).status).toBe(200);
    expect((await predict(server, 1, 0)).status).toBe(200);
    await vi.waitFor(() => both(server), { timeout: 60_000 });
    expect((await pair(server)).pids.has(pid)).toBe(false);
  });
});

/** Two predictions at once, and where they were made. */
async function pair(server: TestServer) {
  const replies = await Promise.all([predict(server, 1, 100), predict(server, 2, 100)]);
  return {
    numbers: replies.map(({ numbers }) => numbers[0]),
    pids: new Set(replies.map(({ numbers }) => numbers[1])) as Set<number>,
    gpus: replies.map(({ numbers }) => numbers[2] ?? 0).sort((a, b) => a - b),
  };
}

/** Fails unless both workers are there. */
async function both(server: TestServer): Promise<void> {
  expect((await pair(server)).gpus).toEqual([4, 7]);
}

describe.skipIf(pythonLack)("a model that takes batches", () => {
  it("runs together what waits, and gives each its own", async () => {
    const server = await startServer(join(models, "steady-batch"));
    const numbers = Array.from({ length: 24 }, (_, index) => index);
    const largest = async () => {
      const replies = await Promise.all(numbers.map((number) => predict(server, number)));
      expect(replies.map((reply) => reply.numbers[0])).toEqual(numbers);
      return Math.max(...replies.map((reply) => reply.numbers[1] ?? 0));
    };
    // How many wait at a time depends on how fast they come.
    await expect.poll(largest).toBe(4);
    expect((await predict(server, 7)).numbers).toEqual([7, 1]);
    await server.stop();
  });
});

describe.skipIf(pythonLack)("/metrics", () => {
  it("counts requests and stages, and has what the model tells", async () => {
    const server = await startServer(join(models, "steady-process"));
    await predict(server, 0, 3);
    await server.fetch("/nothing/at/all");
    await expect.poll(() => server.metric('modelhub_own_steps{worker="0"}')).toBe(3);
    const predicted = 'modelhub_requests_total{route="/api/predict",code="200"}';
    expect(await server.metric(predicted)).toBe(1);
    expect(await server.metric('modelhub_requests_total{route="none",code="404"}')).toBe(1);
    expect(await server.metric('modelhub_stage_seconds_count{stage="infer"}')).toBe(1);
    const seconds = await server.metric('modelhub_stage_seconds_sum{stage="infer"}');
    expect(seconds).toBeGreaterThan(0.03);
    expect(seconds).toBeLessThan(60);
    expect(await server.metric('modelhub_worker_rss_bytes{worker="0"}')).toBeGreaterThan(1e6);
    expect(await server.metric("modelhub_queue_depth")).toBe(0);
    await server.stop();
  });
});
