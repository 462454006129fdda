import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Queue } from "#schema/queue.ts";
import { root } from "../home.ts";

const folder = mkdtempSync(join(tmpdir(), "modelhub-queue-"));

const pull = (number: number, draft = false) => ({
  number,
  draft,
  title: `Add model ${number}`,
  html_url: `https://github.com/o/r/pull/${number}`,
  created_at: `2026-01-0${number}T08:00:00Z`,
  user: { login: "octocat" },
  head: { sha: String(number).repeat(40) },
});
const changed = (filename: string, status = "added") => [{ filename, status }];
const version = (id: string, status?: string) =>
  changed(`registry/models/${id}/1.0.0/source.json`, status);
const check = (status: string, conclusion: string | null = null) => ({
  total_count: 1,
  check_runs: [{ status, conclusion }],
});
const review = (login: string, state: string) => ({ user: { login }, state });

/** GitHub's answers by path, for nine pull requests, two of which add no version. */
const answers: Record<string, unknown> = {
  "/pulls": [pull(1, true), ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => pull(number))],
  "/pulls/1/files": version("tiny-a"),
  "/pulls/2/files": changed("site/src/pages/index.astro"),
  "/pulls/3/files": version("tiny-c"),
  "/pulls/4/files": version("tiny-d"),
  "/pulls/5/files": version("tiny-e"),
  "/pulls/6/files": version("tiny-f"),
  "/pulls/7/files": version("tiny-g"),
  "/pulls/8/files": version("tiny-h"),
  "/pulls/9/files": version("tiny-i", "modified"),
  "/pulls/5/reviews": [],
  "/pulls/6/reviews": [review("a", "CHANGES_REQUESTED"), review("a", "COMMENTED")],
  "/pulls/7/reviews": [review("a", "CHANGES_REQUESTED"), review("a", "APPROVED")],
  [`/commits/${"3".repeat(40)}/check-runs`]: check("in_progress"),
  [`/commits/${"4".repeat(40)}/check-runs`]: check("completed", "failure"),
  [`/commits/${"5".repeat(40)}/check-runs`]: check("completed", "success"),
  [`/commits/${"6".repeat(40)}/check-runs`]: check("completed", "success"),
  [`/commits/${"7".repeat(40)}/check-runs`]: check("completed", "success"),
  [`/commits/${"8".repeat(40)}/check-runs`]: { total_count: 0, check_runs: [] },
};

const server: Server = createServer((request, response) => {
  const path = new URL(request.url ?? "", "http://localhost").pathname.replace("/repos/o/r", "");
  const answer = answers[path];
  response.writeHead(answer ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify(answer ?? { message: `no ${path}` }));
});
beforeAll(() => new Promise<void>((done) => server.listen(0, "127.0.0.1", done)));
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const queue = (file: string, port: number) =>
  execa(process.execPath, [join(root, "client", "main.ts"), "queue", file], {
    reject: false,
    env: {
      GITHUB_TOKEN: "t",
      GITHUB_REPOSITORY: "o/r",
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
    },
  });

test("a GitHub that does not answer leaves no file, and asks for another try", async () => {
  const file = join(folder, "none.json");
  const { exitCode, stderr } = await queue(file, 1);
  expect(exitCode).toBe(75);
  expect(stderr).toContain("GitHub could not be asked for the pull requests: ");
  expect(existsSync(file)).toBe(false);
});

test("each submission waits for what its draft mark, its check and its reviews say", async () => {
  const file = join(folder, "queue.json");
  const { exitCode } = await queue(file, (server.address() as AddressInfo).port);
  expect(exitCode).toBe(0);
  const { submissions } = Queue.parse(JSON.parse(readFileSync(file, "utf8")));
  expect(submissions.map(({ number, versions, state }) => [number, versions[0], state])).toEqual([
    [1, "tiny-a@1.0.0", "draft"],
    [3, "tiny-c@1.0.0", "checking"],
    [4, "tiny-d@1.0.0", "mending"],
    [5, "tiny-e@1.0.0", "reviewing"],
    [6, "tiny-f@1.0.0", "answering"],
    [7, "tiny-g@1.0.0", "merging"],
    [8, "tiny-h@1.0.0", "checking"],
  ]);
});
