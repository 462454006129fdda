import { describe, expect, it } from "vitest";
import { Job, type JobEvent, type JobHooks, Jobs } from "./jobs.ts";
import { Problem } from "./problem.ts";

/** A job whose work does what the test says. */
function start(id = "a") {
  const result = Promise.withResolvers<string>();
  let hooks: JobHooks | undefined;
  const work = (given: JobHooks) => {
    hooks = given;
    return result.promise;
  };
  const job = new Job(id, undefined, work, () => 3);
  return { job, hooks: hooks as unknown as JobHooks, ...result };
}

function eventsOf(job: Job, after = 0): JobEvent[] {
  const events: JobEvent[] = [];
  job.follow(after, (event) => events.push(event));
  return events;
}

describe("Job", () => {
  it("goes from the queue to its result", async () => {
    const { job, hooks, resolve } = start();
    expect(job.status).toMatchObject({ state: "queued", position: 3, progress: 0, started: null });
    hooks.onStart();
    expect(job.status).toMatchObject({ state: "running", position: null, finished: null });
    hooks.onProgress(0.5);
    hooks.onLog(["a line"]);
    expect(job.status).toMatchObject({ progress: 0.5, log: ["a line"] });
    expect(() => job.result).toThrow("The job is running and has no result yet.");
    resolve("{}");
    await job.finished;
    expect(job.status).toMatchObject({ state: "succeeded", progress: 1 });
    expect(job.result).toBe("{}");
  });

  it("fails with the problem that a request would get", async () => {
    const { job, reject } = start();
    reject(new Problem("timeout", "Too long."));
    await job.finished;
    expect(job.state).toBe("failed");
    expect(() => job.result).toThrow(
      expect.objectContaining({ status: 504, message: "Too long." }),
    );
  });

  it("keeps the newest of several reports of progress, and all lines between them", () => {
    const { job, hooks } = start();
    hooks.onStart();
    for (const fraction of [0.1, 0.2, 0.3]) hooks.onProgress(fraction);
    hooks.onLog(["a line"]);
    hooks.onProgress(0.4);
    expect(eventsOf(job).map(({ data }) => data)).toEqual([
      { state: "queued" },
      { state: "running" },
      { progress: 0.3 },
      { lines: ["a line"] },
      { progress: 0.4 },
    ]);
  });

  it("stays canceled, whatever its work still does", async () => {
    const { job, hooks, resolve } = start();
    job.cancel();
    expect(hooks.signal.aborted).toBe(true);
    hooks.onStart();
    hooks.onProgress(0.5);
    hooks.onLog(["late"]);
    resolve("late");
    await job.finished;
    expect(job.status).toMatchObject({ state: "canceled", progress: 0, log: [] });
    expect(() => job.result).toThrow(expect.objectContaining({ code: "canceled" }));
  });

  it("can't be canceled once it has a result", async () => {
    const { job, hooks, resolve } = start();
    hooks.onStart();
    resolve("{}");
    await job.finished;
    job.cancel();
    expect(job.state).toBe("succeeded");
  });

  it("tells followers what they missed, then what comes, each once and in order", async () => {
    const { job, hooks, resolve } = start();
    hooks.onStart();
    const all = eventsOf(job);
    const some = eventsOf(job, 1);
    hooks.onLog(["a line"]);
    hooks.onProgress(0.2);
    resolve("{}");
    await job.finished;
    const states = all.filter(({ type }) => type === "state").map(({ data }) => data);
    expect(states).toEqual([{ state: "queued" }, { state: "running" }, { state: "succeeded" }]);
    expect(all.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(some).toEqual(all.slice(1));
  });

  it("keeps what is new of its events and its log", () => {
    const { job, hooks } = start();
    hooks.onStart();
    for (let line = 0; line < 1000; line += 1) {
      hooks.onLog([`${line} ${"x".repeat(1000)}`]);
      hooks.onProgress(line / 1000);
    }
    expect(job.status.log).toHaveLength(50);
    expect(job.status.log.at(-1)).toMatch(/^999 x+$/);
    expect(job.status.log.at(-1)).toHaveLength(500);
    expect(eventsOf(job).length).toBeLessThanOrEqual(100);
    expect(eventsOf(job).at(-1)?.data).toEqual({ progress: 0.999 });
  });
});

describe("Jobs", () => {
  it("forgets the oldest finished one for a new one", async () => {
    const jobs = new Jobs({ jobs: 2, jobSeconds: 60 });
    const running = start("running");
    const done = start("done");
    jobs.add(() => running.job);
    jobs.add(() => done.job);
    done.hooks.onStart();
    done.resolve("{}");
    await done.job.finished;
    jobs.add(() => start("new").job);
    expect(jobs.all.map(({ id }) => id)).toEqual(["new", "running"]);
  });

  it("refuses one more than it holds when none is finished", () => {
    const jobs = new Jobs({ jobs: 1, jobSeconds: 60 });
    jobs.add(() => start("a").job);
    const another = () => {
      throw new Error("started");
    };
    expect(() => jobs.add(another)).toThrow(expect.objectContaining({ status: 429 }));
  });

  it("forgets a finished one after its time", async () => {
    const jobs = new Jobs({ jobs: 8, jobSeconds: 0.02 });
    const done = start("done");
    jobs.add(() => done.job);
    done.hooks.onStart();
    done.resolve("{}");
    await expect.poll(() => jobs.find("done")).toBe(undefined);
  });

  it("forgets results while all together are too large", async () => {
    const jobs = new Jobs({ jobs: 8, jobSeconds: 60 });
    for (const id of ["a", "b", "c"]) {
      const { job, hooks, resolve } = start(id);
      jobs.add(() => job);
      hooks.onStart();
      resolve("x".repeat(30 * 2 ** 20));
      await job.finished;
    }
    await expect.poll(() => jobs.all.map(({ id }) => id)).toEqual(["c", "b"]);
  });
});

it("a job that is forgotten late takes none of the same id with it", () => {
  const jobs = new Jobs({ jobs: 8, jobSeconds: 60 });
  const [before, after] = [start("a").job, start("a").job];
  jobs.add(() => before);
  jobs.forget(before);
  jobs.add(() => after);
  jobs.forget(before);
  expect(jobs.find("a")).toBe(after);
});
