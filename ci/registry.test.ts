import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Problem } from "./problems.ts";
import { compareVersions, nameOf, readRegistry } from "./registry.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelhub-registry-"));
  cpSync(join(import.meta.dirname, "e2e", "base", "registry"), folder, { recursive: true });
  add("models/tiny-net/1.0.0/source.json", source());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function add(path: string, content: unknown): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  const text = typeof content === "string" ? content : JSON.stringify(content);
  writeFileSync(join(folder, path), text);
}

function source(revision = "0".repeat(40)): object {
  return { schemaVersion: "1", repository: "https://example.org/tiny-net", revision };
}

function line({ file, key, expected, got }: Problem): string {
  return `${file.slice(folder.length + 1)} ${key ?? "-"}: ${expected} | ${got}`;
}

describe("readRegistry", () => {
  test("gives the entries by id and version", () => {
    for (const version of ["1.10.0", "1.9.0", "1.10.0-rc.1"])
      add(`models/tiny-net/${version}/source.json`, source());
    const { entries, instance, ids, problems } = readRegistry(folder);
    expect(problems).toEqual([]);
    expect(instance?.name).toBe("Test");
    expect(entries.map(nameOf)).toEqual([
      "tiny-net@1.0.0",
      "tiny-net@1.9.0",
      "tiny-net@1.10.0-rc.1",
      "tiny-net@1.10.0",
    ]);
    expect(ids.get("tiny-net")).toHaveLength(4);
  });

  test("collects all problems and keeps the entries that are right", () => {
    add("registry.json", "{");
    add("models/Tiny/model.json", {});
    add("models/README.md", "# Models");
    add("models/other-net/model.json", { schemaVersion: "1" });
    add("models/other-net/latest/source.json", source());
    add("models/other-net/1.0.0/source.json", source("main"));
    add("models/other-net/1.0.0/Dockerfile", "FROM evil");
    add("models/empty-net/.gitkeep", "");
    add("models/tiny-net/1.0.0/lock.json", "null");
    const { entries, instance, ids, problems } = readRegistry(folder);
    expect(instance).toBeUndefined();
    expect(entries.map(nameOf)).toEqual(["tiny-net@1.0.0"]);
    expect([...ids.keys()]).toEqual(["empty-net", "other-net", "tiny-net"]);
    expect(problems.map(line)).toMatchInlineSnapshot(`
      [
        "registry.json line 1, column 2: a key in double quotes | the end of the file",
        "models/README.md -: a folder named as a model's id (lower-case letters, digits and hyphens) | a file",
        "models/Tiny -: a folder named as a model's id (lower-case letters, digits and hyphens) | a folder of another name",
        "models/empty-net/model.json -: a file | nothing",
        "models/empty-net -: a version, such as 1.0.0/source.json | none",
        "models/other-net/latest -: a folder named as a semantic version, such as 1.0.0 | a folder of another name",
        "models/other-net/model.json title: a text of 1 to 100 characters | nothing",
        "models/other-net/model.json repository: an address that begins with https:// | nothing",
        "models/other-net/model.json maintainers: a list of at least one item | nothing",
        "models/other-net/1.0.0/Dockerfile -: only the files source.json, lock.json, scan.json, tests.json | a file",
        "models/other-net/1.0.0/source.json revision: a full commit SHA (40 hex digits) | "main"",
        "models/tiny-net/1.0.0/lock.json -: an object with schemaVersion, id, version, key, contentKey, source, image, stack, engineVersion, weights, bundle, record | null",
      ]
    `);
  });

  test("refuses symbolic links, which could show another file each time", () => {
    symlinkSync(join(folder, "models", "tiny-net"), join(folder, "models", "tiny-link"));
    symlinkSync("source.json", join(folder, "models", "tiny-net", "1.0.0", "lock.json"));
    expect(readRegistry(folder).problems.map(line)).toEqual([
      "models/tiny-link -: a folder named as a model's id (lower-case letters, digits and hyphens) | a symbolic link",
      "models/tiny-net/1.0.0/lock.json -: only the files source.json, lock.json, scan.json, tests.json | a symbolic link",
    ]);
  });

  test("reads no document of more than a mebibyte", () => {
    const text = JSON.stringify(source());
    add("models/tiny-net/1.0.0/source.json", text.padEnd(1_048_577));
    expect(readRegistry(folder).problems.map(line)).toEqual([
      "models/tiny-net/1.0.0/source.json -: at most 1 MiB | 1048577 bytes",
    ]);
  });

  test("says what is missing where there is no registry", () => {
    const { entries, problems } = readRegistry(join(folder, "nowhere"));
    expect(entries).toEqual([]);
    expect(problems.map(line)).toEqual(["nowhere/registry.json -: a file | nothing"]);
  });

  test("reads 1,000 entries in a moment", () => {
    const model = {
      schemaVersion: "1",
      title: "x",
      repository: "https://example.org/x",
      maintainers: [{ github: "a" }],
    };
    for (let index = 0; index < 1000; index++) {
      add(`models/net-${index}/model.json`, model);
      add(`models/net-${index}/1.0.0/source.json`, source());
    }
    const start = performance.now();
    const { entries, problems } = readRegistry(folder);
    const seconds = (performance.now() - start) / 1000;
    expect(problems).toEqual([]);
    expect(entries).toHaveLength(1001);
    // Many times what it takes on a busy machine of two cores.
    expect(seconds).toBeLessThan(20);
  });
});

test("versions are ordered as semver says", () => {
  const ordered = [
    "0.9.9",
    "1.0.0-1",
    "1.0.0--1",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-rc.2",
    "1.0.0-rc.10",
    "1.0.0",
    "1.2.0",
    "1.10.0",
    "10.0.0",
  ];
  expect(ordered.toReversed().sort(compareVersions)).toEqual(ordered);
  expect(compareVersions("1.0.0", "1.0.0")).toBe(0);
});
