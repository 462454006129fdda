import { expect } from "vitest";
import type { TestServer } from "./server.ts";

/** A job that the worker has begun, so that whatever comes next waits. */
export async function startJob(server: TestServer, body: Buffer<ArrayBuffer>) {
  const headers = { "content-type": "application/x-npy" };
  const response = await server.fetch("/jobs", { method: "POST", body, headers });
  const place = response.headers.get("location") ?? "";
  const state = async () => ((await (await server.fetch(place)).json()) as { state: string }).state;
  await expect.poll(state).toBe("running");
  return {
    result: () => server.fetch(`${place}/result`),
    cancel: () => server.fetch(place, { method: "DELETE" }),
  };
}
