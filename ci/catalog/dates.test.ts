import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { writeJson } from "../files.ts";
import { registrationDates } from "./dates.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelhub-dates-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const source = (version: string) => join(folder, "registry/models/tiny", version, "source.json");

async function commit(day: string): Promise<void> {
  const git = (...args: string[]) =>
    execa("git", ["-C", folder, "-c", "user.name=A", "-c", "user.email=a@example.org", ...args], {
      env: { GIT_COMMITTER_DATE: `${day}T00:00:00Z` },
    });
  await git("init", "--quiet");
  await git("add", "--all");
  await git("commit", "--quiet", "--message", day);
}

test("a version counts from the day it first came, also where it went and came back", async () => {
  writeJson(source("1.0.0"), {});
  await commit("2026-01-01");
  rmSync(source("1.0.0"));
  writeJson(source("1.1.0"), {});
  await commit("2026-01-02");
  writeJson(source("1.0.0"), { again: true });
  await commit("2026-01-03");
  const dates = [...registrationDates(join(folder, "registry"))];
  expect(dates.map(([version, date]) => [version, date.slice(0, 10)]).sort()).toEqual([
    ["tiny/1.0.0", "2026-01-01"],
    ["tiny/1.1.0", "2026-01-02"],
  ]);
});

test("a registry outside of git has no dates", () => {
  writeJson(source("1.0.0"), {});
  expect(registrationDates(join(folder, "registry"))).toEqual(new Map());
});
