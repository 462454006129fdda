import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JobStatus } from "../jobs.ts";
import { models, npy, pythonLack, startServer, type TestServer } from "../tests/server.ts";

/** Jobs of the real front with a real worker. */

/** Steps of the model. */
const minute = 6000;

let server: TestServer;
beforeAll(async () => {
  if (!pythonLack) server = await startServer(join(models, "steady-process"));
});
afterAll(() => server?.stop());

function send(method: string, path: string, numbers: number[], headers = {}) {
  const body = npy(numbers);
  const type = { "content-type": "application/x-npy" };
  return server.fetch(path, { method, body, headers: { ...type, ...headers } });
}

async function status(id: string): Promise<JobStatus> {
  return (await (await server.fetch(`/jobs/${id}`)).json()) as JobStatus;
}

async function submit(numbers: number[]): Promise<JobStatus> {
  return (await (await send("POST", "/jobs", numbers)).json()) as JobStatus;
}

function untilState(id: string, state: string) {
  return expect.poll(async () => (await status(id)).state).toBe(state);
}

async function problem(response: Response) {
  return (await response.json()) as { code: string; status: number; detail: string };
}

describe.skipIf(pythonLack)("jobs", () => {
  it("are taken at once and give what a request would have got", async () => {
    const response = await send("POST", "/jobs", [7, 20]);
    expect(response.status).toBe(202);
    const { id } = (await response.json()) as JobStatus;
    expect(response.headers.get("location")).toBe(`/jobs/${id}`);
    await untilState(id, "succeeded");
    expect(await status(id)).toMatchObject({
      progress: 1,
      position: null,
      log: ["worked 20 steps"],
    });
    const result = await server.fetch(`/jobs/${id}/result`);
    expect(result.status).toBe(200);
    expect(await result.json()).toMatchObject({
      output: [{ name: "numbers", prediction: [7, expect.any(Number), -1] }],
      model: { id: "steady-process" },
    });
  });

  it("say where they are in the queue", async () => {
    const jobs = [await submit([1, minute]), await submit([2, 1]), await submit([3, 1])];
    expect((await status(jobs[1]?.id ?? "")).position).toBe(1);
    expect((await status(jobs[2]?.id ?? "")).position).toBe(2);
    await server.fetch(`/jobs/${jobs[0]?.id}`, { method: "DELETE" });
    for (const { id } of jobs.slice(1)) await untilState(id, "succeeded");
    const { jobs: all } = (await (await server.fetch("/jobs")).json()) as { jobs: JobStatus[] };
    expect(all.slice(0, 3).map(({ id }) => id)).toEqual(jobs.map(({ id }) => id).reverse());
  });

  it("are run once under a name of the client's, however it is sent", async () => {
    const first = await send("PUT", "/jobs/scan-1", [5, 5]);
    expect(first.status).toBe(202);
    const form = new FormData();
    form.append("numbers", new Blob([npy([5, 5])], { type: "application/x-npy" }), "a");
    const second = await server.fetch("/jobs/scan-1", { method: "PUT", body: form });
    expect(second.status).toBe(200);
    expect(((await second.json()) as JobStatus).created).toBe(
      ((await first.json()) as JobStatus).created,
    );
    const other = await send("PUT", "/jobs/scan-1", [6, 5]);
    expect(other.status).toBe(409);
    expect((await problem(other)).code).toBe("id_taken");
    const bad = await send("PUT", "/jobs/.hidden", [6, 5]);
    expect(bad.status).toBe(400);
  });

  it("started twice at the same time under one name are one", async () => {
    const both = await Promise.all([1, 2].map(() => send("PUT", "/jobs/twice", [5, 5])));
    expect(both.map((response) => response.status).sort()).toEqual([200, 202]);
  });

  it("can be canceled while they run and while they wait", async () => {
    const [running, waiting] = [await submit([1, minute]), await submit([2, minute])];
    await untilState(running.id, "running");
    const early = await server.fetch(`/jobs/${running.id}/result`);
    expect((await problem(early)).code).toBe("unfinished");
    for (const { id } of [waiting, running]) {
      const response = await server.fetch(`/jobs/${id}`, { method: "DELETE" });
      expect(await response.json()).toMatchObject({ id, state: "canceled" });
      const result = await server.fetch(`/jobs/${id}/result`);
      expect(result.status).toBe(409);
      expect((await problem(result)).code).toBe("canceled");
    }
    const next = await submit([3, 0]);
    await untilState(next.id, "succeeded");
    await server.fetch(`/jobs/${next.id}`, { method: "DELETE" });
    const gone = await server.fetch(`/jobs/${next.id}/result`);
    expect(gone.status).toBe(404);
    expect((await problem(gone)).detail).toContain("no such job");
  });

  it("tell what happens, and from where a client lost the line", async () => {
    const { id } = await submit([7, 20]);
    const response = await server.fetch(`/jobs/${id}/events`);
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const events = parse(await response.text());
    expect(events.at(0)).toEqual({ id: "1", event: "state", data: '{"state":"queued"}' });
    expect(events.at(-1)).toMatchObject({ event: "state", data: '{"state":"succeeded"}' });
    expect(events.some(({ event }) => event === "progress")).toBe(true);
    expect(events.find(({ event }) => event === "log")?.data).toBe('{"lines":["worked 20 steps"]}');
    const last = events.at(-2)?.id ?? "";
    const headers = { "last-event-id": last };
    const rest = await server.fetch(`/jobs/${id}/events`, { headers });
    expect(parse(await rest.text())).toEqual(events.slice(-1));
    const end = { "last-event-id": events.at(-1)?.id ?? "" };
    expect((await server.fetch(`/jobs/${id}/events`, { headers: end })).status).toBe(204);
  });

  it("let a client stop listening", async () => {
    const { id } = await submit([7, 100]);
    const controller = new AbortController();
    const { signal } = controller;
    const response = await server.fetch(`/jobs/${id}/events`, { signal });
    await response.body?.getReader().read();
    controller.abort();
    await untilState(id, "succeeded");
  });

  it("fail with the problem that a request would get", async () => {
    const response = await server.fetch("/jobs", {
      method: "POST",
      body: "no array",
      headers: { "content-type": "application/x-npy" },
    });
    const { id } = (await response.json()) as JobStatus;
    await untilState(id, "failed");
    const result = await server.fetch(`/jobs/${id}/result`);
    expect(result.headers.get("content-type")).toBe("application/problem+json");
    expect(await problem(result)).toMatchObject({ code: "unsupported_media_type", status: 415 });
  });

  it("come of a prediction that a client doesn't wait for", async () => {
    const headers = { prefer: "wait=10, respond-async" };
    const response = await send("POST", "/api/predict", [8, 1], headers);
    expect(response.status).toBe(202);
    expect(response.headers.get("preference-applied")).toBe("respond-async");
    await untilState((response.headers.get("location") ?? "").replace("/jobs/", ""), "succeeded");
    expect((await send("POST", "/api/predict", [8, 1])).status).toBe(200);
  });

  it("leave nothing behind in the folder for inputs", async () => {
    const { id } = await submit([1, ...new Array(400_000).fill(0)]);
    await untilState(id, "succeeded");
    const [folder = ""] = readdirSync(server.temporary);
    const kept = () => readdirSync(join(server.temporary, folder));
    await expect
      .poll(() => kept().filter((name) => name !== "outputs" && !name.endsWith(".sock")))
      .toEqual([]);
  });
});

describe.skipIf(pythonLack)("a job that takes too long", () => {
  it("is stopped at the limit of jobs, not at that of requests", async () => {
    const limits = { MODELHUB_TIMEOUT: "0.1", MODELHUB_JOB_TIMEOUT: "4" };
    const other = await startServer(join(models, "steady-process"), limits);
    const submitTo = async (steps: number) => {
      const headers = { "content-type": "application/x-npy" };
      const body = npy([1, steps]);
      const response = await other.fetch("/jobs", { method: "POST", body, headers });
      return response.headers.get("location") ?? "";
    };
    const [fits, late] = [await submitTo(30), await submitTo(minute)];
    const result = async (job: string) => (await other.fetch(`${job}/result`)).status;
    await expect.poll(() => result(fits)).toBe(200);
    await expect.poll(() => result(late)).toBe(504);
    const reply = await other.fetch(`${late}/result`);
    expect((await problem(reply)).detail).toContain("MODELHUB_JOB_TIMEOUT");
    await other.stop();
  });
});

function parse(stream: string) {
  return stream
    .split("\n\n")
    .filter((block) => block.startsWith("id:"))
    .map((block) => Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/))));
}
