import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readJson, writeJson } from "#ci/files.ts";
import { root } from "#ci/home.ts";
import { workspace } from "#ci/workspace.ts";
import { list } from "./list.ts";

const registry = mkdtempSync(join(tmpdir(), "modelhub-list-"));
beforeAll(() => {
  cpSync(join(root, "registry/registry.json"), join(registry, "registry.json"));
  const model = join(registry, "models", "tiny");
  const [repository, maintainers] = ["https://example.org/tiny", [{ github: "someone" }]];
  const yanked = { "1.0.0": { reason: "Wrong weights.", since: "2026-01-31" } };
  const entry = { schemaVersion: "1", title: "Tiny", repository, maintainers, yanked };
  writeJson(join(model, "model.json"), entry);
  const example = readJson(join(root, "registry/schema/fixtures/lock/valid/attestations.json"));
  for (const version of ["1.0.0", "1.1.0", "1.2.0"]) {
    const source = { schemaVersion: "1", repository, revision: "a".repeat(40) };
    writeJson(join(model, version, "source.json"), source);
    if (version === "1.2.0") continue;
    writeJson(join(model, version, "lock.json"), { ...(example as object), id: "tiny", version });
  }
});
afterAll(() => rmSync(registry, { recursive: true }));

test.each([
  ["without names, what is built and not yanked", [], ["1.1.0"]],
  ["of a model, all that is built of it", ["tiny"], ["1.0.0", "1.1.0"]],
  ["of a version, that one", ["tiny@1.0.0"], ["1.0.0"]],
  ["of a version that waits for its build, nothing", ["tiny@1.2.0"], []],
])("lists %s", (_, names, versions) => {
  expect(list(names, workspace({ registry })).map(({ version }) => version)).toEqual(versions);
});

test("a name that no entry has is told, with the one that was most likely meant", () => {
  expect(() => list(["tin", "squirrel"], workspace({ registry }))).toThrow(
    /expected an id of this registry, got "tin"\n {2}hint: did you mean "tiny"\?\n.*got "squirrel"/s,
  );
});

test("a folder that is no registry is told, not taken for an empty one", () => {
  const nowhere = workspace({ registry: join(registry, "models") });
  expect(() => list([], nowhere)).toThrow("registry.json\n  expected a file, got nothing");
});

test("a line runs the image by its digest", () => {
  const [line] = list([], workspace({ registry }));
  expect(line?.run).toMatch(/^docker run --rm -i \S+@sha256:[0-9a-f]{64} predict - < FILE$/);
});
