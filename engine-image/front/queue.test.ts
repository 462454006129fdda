import { describe, expect, it } from "vitest";
import { Problem } from "./problem.ts";
import { Queue } from "./queue.ts";

const never = new AbortController().signal;

/** A place that takes one piece of work at a time. */
interface Place {
  isFree: boolean;
}

function places(count: number): Place[] {
  return Array.from({ length: count }, () => ({ isFree: true }));
}

function queueOf(capacity: number, all = places(1)): Queue<Place> {
  return new Queue(capacity, () => all.find(({ isFree }) => isFree));
}

/** Work that ends when told to. */
function work<T>(value: T) {
  const done = Promise.withResolvers<void>();
  let started: Place | undefined;
  return {
    start: (place: Place) => {
      started = place;
      place.isFree = false;
      const free = done.promise.then(() => {
        place.isFree = true;
      });
      return { answer: done.promise.then(() => value), free, seconds: 1 };
    },
    finish: () => done.resolve(),
    place: () => started,
    isStarted: () => started !== undefined,
  };
}

/** What becomes of work that has ended. */
function ended(place: Place, seconds: number) {
  place.isFree = true;
  return { answer: Promise.resolve("done"), free: Promise.resolve(), seconds };
}

describe("Queue", () => {
  it("gives one place one thing at a time, first come, first served", async () => {
    const queue = queueOf(8);
    const [a, b] = [work("a"), work("b")];
    const answers = [queue.run("1", a.start, never), queue.run("2", b.start, never)];
    expect([a.isStarted(), b.isStarted()]).toEqual([true, false]);
    a.finish();
    expect(await answers[0]).toBe("a");
    expect(b.isStarted()).toBe(true);
    b.finish();
    expect(await answers[1]).toBe("b");
  });

  it.each([
    [0.01, "1"],
    [1000, "60"],
  ])("asks to be tried again within a minute, after work of %d s", async (seconds, wait) => {
    const queue = queueOf(1);
    for (let turn = 0; turn < 100; turn++)
      await queue.run("x", (place) => ended(place, seconds), never);
    queue.run("running", work("a").start, never);
    queue.run("waiting", work("b").start, never);
    expect(queue.refusal?.headers["retry-after"]).toBe(wait);
  });

  it("hands work to whichever place is free", async () => {
    const all = places(2);
    const queue = queueOf(8, all);
    const [a, b, c] = [work("a"), work("b"), work("c")];
    for (const [id, { start }] of [a, b, c].entries()) queue.run(String(id), start, never);
    expect([a, b, c].map(({ place }) => place())).toEqual([all[0], all[1], undefined]);
    b.finish();
    await expect.poll(() => c.place()).toBe(all[1]);
  });

  it("refuses with 429 when as many wait as it holds", async () => {
    const queue = queueOf(1);
    queue.run("1", work("a").start, never);
    expect(queue.refusal).toBeUndefined();
    queue.run("2", work("b").start, never);
    expect(queue.refusal).toMatchObject({ status: 429, headers: { "retry-after": "1" } });
  });

  it("counts what waits at its place already", () => {
    const [place] = places(1);
    const queue = new Queue(
      2,
      () => (place?.isFree ? place : undefined),
      () => 1,
    );
    queue.run("1", work("a").start, never);
    queue.run("2", work("b").start, never);
    expect(queue.position("2")).toBe(2);
    expect(queue.refusal).toMatchObject({ status: 429 });
  });

  it("lets one that left give its place to the next", async () => {
    const queue = queueOf(8);
    const [a, b, c] = [work("a"), work("b"), work("c")];
    const controller = new AbortController();
    queue.run("1", a.start, never);
    const left = queue.run("2", b.start, controller.signal);
    const next = queue.run("3", c.start, never);
    expect([queue.position("1"), queue.position("3")]).toEqual([undefined, 2]);
    controller.abort();
    await expect(left).rejects.toMatchObject({ code: "client_gone" });
    expect(queue.position("3")).toBe(1);
    a.finish();
    c.finish();
    expect(await next).toBe("c");
    expect(b.isStarted()).toBe(false);
  });

  it("starts nothing without a place, and tells when it is idle", async () => {
    const all: Place[] = [];
    const queue = queueOf(8, all);
    const a = work("a");
    const answer = queue.run("1", a.start, never);
    expect(a.isStarted()).toBe(false);
    all.push({ isFree: true });
    queue.advance();
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
    const queue = queueOf(8, []);
    const answers = ["1", "2"].map((id) => queue.run(id, work(id).start, never));
    queue.refuseAll(new Problem("stopping", "The server is stopping."));
    for (const answer of answers) await expect(answer).rejects.toMatchObject({ status: 503 });
    expect(queue.depth).toBe(0);
  });
});
