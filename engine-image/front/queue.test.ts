import { describe, expect, it } from "vitest";
import { Problem } from "./problem.ts";
import { Queue } from "./queue.ts";

const never = new AbortController().signal;

/** Work that ends when told to. */
function work<T>(value: T) {
  const done = Promise.withResolvers<void>();
  let started = false;
  return {
    start: () => {
      started = true;
      return { answer: done.promise.then(() => value), free: done.promise };
    },
    finish: () => done.resolve(),
    isStarted: () => started,
  };
}

function running(capacity: number): Queue {
  const queue = new Queue(capacity);
  queue.resume();
  return queue;
}

describe("Queue", () => {
  it("runs one at a time, first come, first served", async () => {
    const queue = running(8);
    const [a, b] = [work("a"), work("b")];
    const answers = [queue.run(a.start, never), queue.run(b.start, never)];
    expect([a.isStarted(), b.isStarted()]).toEqual([true, false]);
    a.finish();
    expect(await answers[0]).toBe("a");
    expect(b.isStarted()).toBe(true);
    b.finish();
    expect(await answers[1]).toBe("b");
  });

  it("refuses with 429 when as many wait as it holds", async () => {
    const queue = running(1);
    queue.run(work("a").start, never);
    queue.run(work("b").start, never);
    const refused = queue.run(work("c").start, never);
    await expect(refused).rejects.toMatchObject({ status: 429, headers: { "retry-after": "1" } });
  });

  it("lets one that left give its place to the next", async () => {
    const queue = running(8);
    const [a, b, c] = [work("a"), work("b"), work("c")];
    const controller = new AbortController();
    queue.run(a.start, never);
    const left = queue.run(b.start, controller.signal);
    const next = queue.run(c.start, never);
    controller.abort();
    await expect(left).rejects.toMatchObject({ code: "client_gone" });
    a.finish();
    c.finish();
    expect(await next).toBe("c");
    expect(b.isStarted()).toBe(false);
  });

  it("starts nothing while paused, and tells when it is idle", async () => {
    const queue = new Queue(8);
    const a = work("a");
    const answer = queue.run(a.start, never);
    expect(a.isStarted()).toBe(false);
    queue.resume();
    let isIdle = false;
    const idle = queue.idle().then(() => {
      isIdle = true;
    });
    expect(a.isStarted()).toBe(true);
    expect(isIdle).toBe(false);
    a.finish();
    await answer;
    await idle;
  });

  it("can send all that waits away", async () => {
    const queue = new Queue(8);
    const answers = [queue.run(work("a").start, never), queue.run(work("b").start, never)];
    queue.refuseAll(new Problem("stopping", "The server is stopping."));
    for (const answer of answers) await expect(answer).rejects.toMatchObject({ status: 503 });
    expect(queue.depth).toBe(0);
  });
});
