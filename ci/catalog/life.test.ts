import { expect, test } from "vitest";
import { endOf } from "./life.ts";

const entry = {
  schemaVersion: "1" as const,
  title: "Tiny",
  repository: "https://example.org/tiny",
  maintainers: [{ github: "octocat" }],
  yanked: {
    "1.0.0": { reason: "Wrong colours.", since: "2026-01-31", successor: "1.0.1" },
    "1.0.1": { reason: "Still wrong.", since: "2026-02-01" },
    "1.0.2": { reason: "Leaks.", since: "2026-02-02" },
  },
  removed: { "1.0.2": { reason: "A secret was in it.", since: "2026-02-03" } },
};
const end = (version: string, newest = "2.0.0") => endOf({ entry, version }, newest);

test("a version that is offered has no end", () => {
  expect(end("2.0.0")).toBeUndefined();
});

test("a yanked version names the successor of its entry, else the newest", () => {
  expect(end("1.0.0")).toMatchObject({ kind: "yanked", successor: "1.0.1" });
  expect(end("1.0.1")).toMatchObject({ since: "2026-02-01", successor: "2.0.0" });
});

test("nobody is sent to a version that ended too", () => {
  expect(end("1.0.1", "1.0.1")?.successor).toBeUndefined();
  expect(end("1.0.1", "1.0.2")?.successor).toBeUndefined();
});

test("removed weighs more than yanked", () => {
  expect(end("1.0.2")).toMatchObject({ kind: "removed", reason: "A secret was in it." });
});
