import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openDatabase } from "./database.ts";

const home = vi.hoisted(() => {
  process.env["MODELHUB_HOME"] = `/tmp/modelhub-osv-home-${process.pid}`;
  return process.env["MODELHUB_HOME"];
});

const lastModified = "Fri, 20 Nov 2026 02:00:00 GMT";
const asked: string[] = [];
let answers = true;
let host: Server;
let place: string;

beforeAll(async () => {
  host = createServer((request, response) => {
    const since = request.headers["if-modified-since"];
    asked.push(`${request.url} ${since ?? "anew"}`);
    if (!answers) return response.writeHead(503).end();
    if (since === lastModified) return response.writeHead(304).end();
    if (request.url?.startsWith("/Maven")) return response.end("of no day");
    const day = request.url?.startsWith("/npm") ? "Wed, 18 Nov 2026 02:00:00 GMT" : lastModified;
    return response.writeHead(200, { "last-modified": day }).end("a ZIP");
  });
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  place = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
});
afterAll(() => {
  host.close();
  rmSync(home, { recursive: true, force: true });
});

test("a database is fetched once, and is of the day that its host says", async () => {
  const first = await openDatabase(place, ["PyPI"]);
  expect(first).toMatchObject({ ecosystems: ["PyPI"], date: "2026-11-20" });
  expect(await openDatabase(place, ["PyPI"])).toEqual(first);
  expect(asked).toEqual(["/PyPI/all.zip anew", `/PyPI/all.zip ${lastModified}`]);
});

test("a database of several parts is as old as the oldest, and a part of no day is none", async () => {
  expect(await openDatabase(place, ["PyPI", "npm"])).toMatchObject({ date: "2026-11-18" });
  await expect(openDatabase(place, ["Maven"])).rejects.toThrow("of what day");
});

test("where none is to be had, it says so and asks for another try", async () => {
  answers = false;
  await expect(openDatabase(place, ["Go"])).rejects.toMatchObject({
    exitCode: 75,
    message: expect.stringContaining("no vulnerability database from"),
  });
  expect(existsSync(join(home, "osv", "Go", "all.zip"))).toBe(false);
  const folder = mkdtempSync(join(tmpdir(), "modelhub-osv-"));
  await expect(openDatabase(folder, ["npm"])).rejects.toMatchObject({ exitCode: 75 });
  rmSync(folder, { recursive: true });
});
