import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeLockedRegistry } from "../../scripts/lib/locked-registry.ts";
import { readJson, writeJson } from "../files.ts";
import { GithubDouble } from "../workflows/github-double.ts";
import { alarm } from "./alarm.ts";

const github = new GithubDouble();
let folder: string;
let registry: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "modelhub-alarm-"));
  registry = join(folder, "registry");
  await writeLockedRegistry(registry, 3, "registry.example.org/test");
  process.env["GITHUB_API_URL"] = await github.open();
  process.env["GITHUB_TOKEN"] = "of-the-job";
  process.env["GITHUB_REPOSITORY"] = "modelhub-registry/modelhub";
});
afterEach(() => {
  github.close();
  github.issues = [];
  for (const name of ["GITHUB_API_URL", "GITHUB_TOKEN", "GITHUB_REPOSITORY"])
    delete process.env[name];
  rmSync(folder, { recursive: true });
});

const problem = (got = "other bytes") => ({ file: "lock.json", expected: "its own bytes", got });

/** A night that looked at some versions and found this of each. */
async function night(reports: Record<string, Record<string, string | undefined>>): Promise<void> {
  const files = Object.entries(reports).map(([name, found]) => {
    const file = join(folder, name);
    const report = Object.entries(found).map(([id, got]) => ({
      ...{ id, version: "1.0.0" },
      problems: got === undefined ? [] : [problem(got)],
    }));
    writeJson(file, report);
    return file;
  });
  await alarm(files, registry, () => {});
}

const states = () => github.issues.map(({ state }) => state);
const body = () => github.issues.at(-1)?.body ?? "";

test("what was found stays open in a night that looks at other versions, and is closed by one that finds it mended", async () => {
  await night({ "read.json": { "model-1": "other bytes" } });
  expect(states()).toEqual(["open"]);
  await night({ "read.json": { "model-2": undefined } });
  expect(states()).toEqual(["open"]);
  expect(body()).toContain("1 finding of");
  await night({ "read.json": { "model-1": undefined } });
  expect(states()).toEqual(["closed"]);
});

test("another issue is left alone, whoever opened it", async () => {
  github.issues.push({ number: 1, title: "Another", body: "", state: "open" });
  await night({ "read.json": { "model-1": "other bytes" } });
  expect(github.issues.map(({ title }) => title)).toEqual([
    "Another",
    expect.stringMatching(/^The/),
  ]);
  expect(github.issues[0]).toMatchObject({ body: "", state: "open" });
});

test("what one check finds fine is still open for another that found a fault", async () => {
  await night({ "read.json": { "model-1": "other bytes" }, "verified.json": {} });
  await night({ "read.json": {}, "verified.json": { "model-1": undefined } });
  expect(states()).toEqual(["open"]);
});

test("findings of several nights stand beside each other", async () => {
  await night({ "read.json": { "model-1": "one fault" } });
  await night({ "read.json": { "model-2": "another" } });
  expect(body()).toContain("2 findings of");
  expect(body()).toContain("got one fault");
  expect(body()).toContain("got another");
});

test("a version that is gone from the registry holds no issue open", async () => {
  await night({ "read.json": { "model-1": "other bytes" } });
  const file = join(registry, "models/model-1/model.json");
  const removed = { "1.0.0": { reason: "It held a password.", since: "2026-01-31" } };
  writeJson(file, { ...(readJson(file) as object), removed });
  await night({ "read.json": {} });
  expect(states()).toEqual(["closed"]);
});

test("a check that left no report is told, and what it found before stays open", async () => {
  await night({ "read.json": { "model-1": "other bytes" } });
  const file = join(folder, "read.json");
  writeFileSync(file, "");
  await alarm([file], registry, () => {});
  expect(body()).toContain("read.json: the check ended without a report");
  expect(body()).toContain("got other bytes");
});

test("the words of a report have no effect, and can't end what the next night reads", async () => {
  const words = '--><script>@everyone</pre>{"a": 1}';
  await night({ "read.json": { "model-1": words } });
  expect(body().match(/<!--|-->|<script>|<\/pre>/g)).toEqual(["</pre>", "<!--", "-->"]);
  await night({ "read.json": {} });
  expect(states()).toEqual(["open"]);
  expect(body()).toContain("@everyone");
});

test("so many findings that GitHub would refuse them are cut, and the issue is still kept", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 3000 }, (_, number) => [`model-${number}`, `a fault ${"x".repeat(50)}`]),
  );
  await night({ "read.json": many });
  expect(body().length).toBeLessThan(65_536);
  await night({ "read.json": {} });
  expect(states()).toEqual(["open"]);
});
