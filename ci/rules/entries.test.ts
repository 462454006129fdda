import { describe, expect, test } from "vitest";
import type { Model, Source } from "#schema/entry.ts";
import type { Lock } from "#schema/lock.ts";
import type { Problem } from "../problems.ts";
import type { Entry, Registry } from "../registry.ts";
import type { Base } from "./base.ts";
import { entryRules } from "./index.ts";

const revision = "0".repeat(40);

interface Story {
  model?: Partial<Model>;
  source?: Partial<Source>;
  lock?: Partial<Lock>;
}

/** Problems of a registry of the given versions, such as `tiny-net@1.0.0`, without hints. */
function problems(stories: Record<string, Story>, base?: Base): string[] {
  const entries = Object.entries(stories).map(([name, story]) => entryOf(name, story));
  const ids = new Map<string, string[]>();
  for (const { id, version } of entries) ids.set(id, [...(ids.get(id) ?? []), version]);
  const registry: Registry = { folder: "a/registry", entries, ids, problems: [] };
  return entryRules.flatMap((rule) => rule({ registry, base })).map(line);
}

function entryOf(name: string, { model, source, lock }: Story): Entry {
  const [id = "", version = ""] = name.split("@");
  const repository = `https://example.org/${id}`;
  const folder = `a/registry/models/${id}`;
  return {
    id,
    version,
    model: { schemaVersion: "1", title: id, repository, maintainers: [{ github: "a" }], ...model },
    source: {
      schemaVersion: "1",
      repository,
      revision: version.replaceAll(".", "").padEnd(40, "0"),
      ...source,
    },
    ...(lock && { lock: { id, version, ...lock } as Lock }),
    files: {
      model: `${folder}/model.json`,
      source: `${folder}/${version}/source.json`,
      lock: `${folder}/${version}/lock.json`,
      scan: `${folder}/${version}/scan.json`,
      tests: `${folder}/${version}/tests.json`,
    },
  };
}

function line({ file, key, expected, got }: Problem): string {
  return `${file.replace("a/registry/models/", "")} ${key ?? "-"}: ${expected} | ${got}`;
}

const built = (source: Partial<Lock["source"]>): Partial<Lock> => ({
  source: {
    repository: "https://example.org/tiny",
    revision: `100${"0".repeat(37)}`,
    path: ".",
    configSha256: "0".repeat(64),
    ...source,
  },
});

describe("entries", () => {
  test("that differ in all respects are fine", () => {
    expect(problems({ "tiny@1.0.0": {}, "tiny@1.1.0": {}, "big@1.0.0": {} })).toEqual([]);
  });

  test("have ids that differ by more than hyphens; who came first stays", () => {
    const stories = { "squeeze-net@1.0.0": {}, "squeezenet@1.0.0": {} };
    expect(problems(stories)).toHaveLength(2);
    expect(
      problems(stories, { ids: new Set(["squeezenet"]), changed: new Map(), released: new Map() }),
    ).toEqual([
      'squeeze-net -: an id that differs from others by more than hyphens | "squeeze-net" beside "squeezenet"',
    ]);
  });

  test("do not share a source, however its address is written", () => {
    const stories = {
      "one@1.0.0": {
        model: { repository: "https://example.org/x" },
        source: { repository: "https://example.org/x" },
      },
      "two@1.0.0": {
        model: { repository: "https://Example.org/X.git/" },
        source: { repository: "https://Example.org/X.git/", revision },
      },
    };
    expect(
      problems(stories, { ids: new Set(["one"]), changed: new Map(), released: new Map() }),
    ).toEqual([
      'two/1.0.0/source.json repository: a repository and path that no other id has | the source of "one"',
    ]);
  });

  test("may share a repository in two folders, and a source after a change of id", () => {
    const shared = { repository: "https://example.org/x" };
    const deprecated = { state: "deprecated", reason: "New id.", successor: "two" } as const;
    expect(
      problems({
        "one@1.0.0": { model: shared, source: { ...shared, path: "one" } },
        "two@1.0.0": { model: shared, source: { ...shared, path: "two" } },
      }),
    ).toEqual([]);
    expect(
      problems({
        "one@1.0.0": { model: { ...shared, status: deprecated }, source: shared },
        "two@1.0.0": { model: shared, source: shared },
      }),
    ).toEqual([]);
  });

  test("come from the model's repository, at least the newest", () => {
    const moved = { repository: "https://example.org/moved" };
    expect(problems({ "tiny@1.0.0": {}, "tiny@2.0.0": { model: moved, source: moved } })).toEqual(
      [],
    );
    expect(problems({ "tiny@1.0.0": { source: moved } })).toEqual([
      'tiny/1.0.0/source.json repository: "https://example.org/tiny", as in model.json | "https://example.org/moved"',
    ]);
  });

  test("have a commit for each version", () => {
    expect(
      problems({ "tiny@1.0.0": { source: { revision } }, "tiny@1.0.1": { source: { revision } } }),
    ).toEqual([
      "tiny/1.0.1/source.json revision: a commit that no other version has | the commit of 1.0.0",
    ]);
  });

  test("yank versions that are there", () => {
    const yanked = {
      "1.0.0": { reason: "x", since: "2026-01-31" },
      "2.0.0": { reason: "x", since: "2026-01-31" },
    };
    expect(problems({ "tiny@1.0.0": { model: { yanked } } })).toEqual([
      'tiny/model.json yanked["2.0.0"]: one of 1.0.0 | 2.0.0',
    ]);
  });

  test("yank in favour of a version that can be used", () => {
    const yanked = { "1.0.0": { reason: "x", since: "2026-01-31", successor: "1.0.1" } };
    const removed = { "1.0.1": { reason: "x", since: "2026-01-31" } };
    const both = (model: object) => ({ "tiny@1.0.0": { model }, "tiny@1.0.1": { model } });
    expect(problems(both({ yanked }))).toEqual([]);
    const [problem] = problems(both({ yanked, removed }));
    expect(problem).toBe(
      'tiny/model.json yanked["1.0.0"].successor: a version that is neither yanked nor removed: there is none | "1.0.1"',
    );
  });

  test("keep a removed version as a tombstone without a lock", () => {
    const model = { removed: { "1.0.0": { reason: "x", since: "2026-01-31" } } };
    expect(problems({ "tiny@1.0.0": { model } })).toEqual([]);
    expect(problems({ "tiny@1.0.0": { model, lock: built({}) } })).toEqual([
      "tiny/1.0.0/lock.json -: no lock beside a removed version | one",
    ]);
    expect(problems({ "tiny@2.0.0": { model } })).toEqual([
      'tiny/model.json removed["1.0.0"]: one of 2.0.0 | 1.0.0',
    ]);
  });

  test.each(["tiny", "large"])("do not send people on to %s", (successor) => {
    const status = { state: "deprecated", reason: "x", successor } as const;
    expect(problems({ "tiny@1.0.0": { model: { status } } })).toEqual([
      `tiny/model.json status.successor: the id of another model in this registry | "${successor}"`,
    ]);
  });
});

describe("a source", () => {
  const path = "models/tiny/1.0.0/source.json";
  const was = JSON.stringify({
    schemaVersion: "1",
    repository: "https://example.org/tiny",
    revision,
  });
  const changed = (is: string | undefined): Base => ({
    ids: new Set(["tiny"]),
    changed: new Map([[path, { was, is }]]),
    released: new Map(),
  });

  test("stays as it was merged, key by key", () => {
    const is = JSON.stringify({ ...JSON.parse(was), revision: "1".repeat(40), path: "x" });
    expect(problems({ "tiny@1.0.0": {} }, changed(is))).toEqual([
      `tiny/1.0.0/source.json revision: "${revision}", as it was merged | "${"1".repeat(40)}"`,
      'tiny/1.0.0/source.json path: nothing, as it was merged | "x"',
    ]);
  });

  test("may be laid out anew", () => {
    const is = `${JSON.stringify({ $schema: "x", ...JSON.parse(was) }, null, 4)}\n`;
    expect(problems({ "tiny@1.0.0": {} }, changed(is))).toEqual([]);
  });

  test("is never removed", () => {
    expect(problems({}, changed(undefined))).toEqual([
      "tiny/1.0.0/source.json -: every version to stay | a removed one",
    ]);
  });

  test("stays as it was built", () => {
    expect(problems({ "tiny@1.0.0": { lock: built({}) } })).toEqual([]);
    expect(problems({ "tiny@1.0.0": { lock: built({ revision, path: "x" }) } })).toEqual([
      `tiny/1.0.0/source.json revision: "${revision}", as lock.json says it was built | "100${"0".repeat(37)}"`,
      'tiny/1.0.0/source.json path: "x", as lock.json says it was built | "."',
    ]);
    const configSha256 = "1".repeat(64);
    expect(problems({ "tiny@1.0.0": { source: { configSha256 }, lock: built({}) } })).toHaveLength(
      1,
    );
  });

  test("has a lock of its own", () => {
    expect(
      problems({ "tiny@1.0.0": { lock: { ...built({}), id: "other", version: "2.0.0" } } }),
    ).toEqual([
      'tiny/1.0.0/lock.json id: "tiny" | "other"',
      'tiny/1.0.0/lock.json version: "1.0.0" | "2.0.0"',
    ]);
  });
});
