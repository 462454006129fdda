import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import addFormats from "ajv-formats";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { catalog, models } from "../../site/e2e/catalog.ts";
import { exportsOf } from "../catalog/exports/index.ts";
import { checkAll } from "../commands/check.ts";
import { commitAll } from "../e2e/commit.ts";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { nameOf } from "../registry.ts";
import { compareRelease, freeze } from "./freeze.ts";
import { lockedVersions } from "./locked.ts";

const example = join(root, "registry/schema/fixtures/lock/valid/attestations.json");
const day = "2026-01-31";

let checkout = "";
let registry = "";

beforeEach(async () => {
  checkout = mkdtempSync(join(tmpdir(), "modelhub-release-"));
  registry = join(checkout, "registry");
  cpSync(join(root, "registry/registry.json"), join(registry, "registry.json"));
  addVersion("1.0.0", "1");
  addVersion("1.1.0", "2");
  await execa("git", ["init", "--quiet", "--initial-branch=main", checkout]);
  await commitAll(checkout);
});
afterEach(() => rmSync(checkout, { recursive: true }));

const modelFile = () => join(registry, "models", "tiny", "model.json");
const lockFile = (version: string) => join(registry, "models", "tiny", version, "lock.json");
const release = (...path: string[]) => join(registry, "releases", "v2026.1", ...path);

function addVersion(version: string, digit: string): void {
  const [repository, revision] = ["https://example.org/tiny", digit.repeat(40)];
  const maintainers = [{ github: "someone" }];
  writeJson(modelFile(), { schemaVersion: "1", title: "Tiny", repository, maintainers });
  const folder = join(registry, "models", "tiny", version);
  writeJson(join(folder, "source.json"), { schemaVersion: "1", repository, revision });
  const lock = readJson(example) as { source: object };
  const source = { ...lock.source, repository, revision, path: "." };
  writeJson(join(folder, "lock.json"), { ...lock, id: "tiny", version, source });
}

async function problems(): Promise<string[]> {
  const report = await checkAll({ registry, source: false });
  return report.problems.map(
    ({ file, expected, got }) => `${file.split("/registry/")[1]}: ${expected} | ${got}`,
  );
}

test("a release holds a copy of each lock, byte for byte, and passes the check", async () => {
  freeze(registry, "v2026.1", day);
  for (const version of ["1.0.0", "1.1.0"])
    expect(readFileSync(release("locks", "tiny", `${version}.json`), "utf8")).toBe(
      readFileSync(lockFile(version), "utf8"),
    );
  expect(compareRelease(registry, "v2026.1")).toEqual([]);
  expect(await problems()).toEqual([]);
});

test("a version that is no longer offered is left out", () => {
  const yanked = { "1.0.0": { reason: "Wrong weights.", since: day } };
  writeJson(modelFile(), { ...(readJson(modelFile()) as object), yanked });
  freeze(registry, "v2026.1", day);
  const { versions } = readJson(release("release.json")) as { versions: object[] };
  expect(versions).toMatchObject([{ id: "tiny", version: "1.1.0" }]);
});

test("a removed version is held against no lock; what was frozen is, or is told as damaged", () => {
  freeze(registry, "v2026.1", day);
  const at = { registry, work: "", staging: "" };
  const removed = { "1.0.0": { reason: "It held a password.", since: day } };
  writeJson(modelFile(), { ...(readJson(modelFile()) as object), removed });
  rmSync(lockFile("1.0.0"));
  const versions = (of: { release?: string }) => lockedVersions([], of, at).map(nameOf);
  expect(versions({})).toEqual(["tiny@1.1.0"]);
  expect(versions({ release: "v2026.1" })).toEqual(["tiny@1.0.0", "tiny@1.1.0"]);
  writeFileSync(release("locks", "tiny", "1.0.0.json"), "{}");
  expect(() => versions({ release: "v2026.1" })).toThrow("1.0.0.json");
});

describe("its metadata", () => {
  const doi = "10.5281/zenodo.1234567";

  beforeEach(() => {
    const file = join(registry, "registry.json");
    writeJson(file, { ...(readJson(file) as object), doi });
    freeze(registry, "v2026.1", day);
  });

  test("is a CITATION.cff by the format's own schema", () => {
    const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true }));
    const validate = ajv.compile(fixture("citation-file-1.2.0"));
    const file = parse(readFileSync(join(checkout, "CITATION.cff"), "utf8"));
    expect(validate(file), JSON.stringify(validate.errors)).toBe(true);
    expect(file).toMatchObject({ title: "ModelHub", version: "v2026.1", doi });
  });

  test("is DataCite's by its own schema, with each version as a part", () => {
    const validate = dataciteSchema();
    const file = readJson(release("datacite.json")) as { relatedIdentifiers: object[] };
    expect(validate(file), JSON.stringify(validate.errors)).toBe(true);
    expect(file.relatedIdentifiers).toMatchObject([
      { relatedIdentifier: doi, relationType: "IsVersionOf" },
      { relatedIdentifier: expect.stringMatching(/\/models\/tiny\/1\.0\.0\/$/) },
      { relatedIdentifier: expect.stringMatching(/\/models\/tiny\/1\.1\.0\/$/) },
    ]);
  });

  test("is DataCite's for each model version of the catalog, too", () => {
    const validate = dataciteSchema();
    const versions = models.flatMap((model) => model.versions).filter(({ built }) => built);
    expect(versions.length).toBeGreaterThan(3);
    for (const version of versions) {
      const text = exportsOf(version, catalog.registry)["datacite.json"] ?? "";
      const valid = validate(JSON.parse(text).data.attributes);
      expect(valid, `${version.id}: ${JSON.stringify(validate.errors)}`).toBe(true);
    }
  });

  test("is Zenodo's, with what it demands", () => {
    expect(readJson(join(checkout, ".zenodo.json"))).toMatchObject({
      title: "ModelHub v2026.1",
      upload_type: "software",
      access_right: "open",
      creators: [{ name: "The ModelHub developers" }],
      publication_date: day,
    });
  });
});

describe("once merged", () => {
  beforeEach(async () => {
    freeze(registry, "v2026.1", day);
    await commitAll(checkout);
  });

  test("a frozen lock cannot change, also together with the list", async () => {
    const file = release("locks", "tiny", "1.0.0.json");
    writeFileSync(
      file,
      readFileSync(file, "utf8").replace('"bundle": "sha256:', '"bundle": "sha256:0'),
    );
    expect(await problems()).toEqual([
      "releases/v2026.1/locks/tiny/1.0.0.json: the file of the release | another text",
    ]);
  });

  test("no file of it can go, and none can come", async () => {
    rmSync(release("release.json"));
    writeFileSync(release("locks", "tiny", "2.0.0.json"), "{}\n");
    expect(await problems()).toEqual([
      "releases/v2026.1/locks/tiny/2.0.0.json: no file but those of the release | a new one",
      "releases/v2026.1/release.json: the file of the release | nothing",
    ]);
  });

  test("the locks of the day move on, and the release stays good", async () => {
    const lock = readJson(lockFile("1.0.0")) as object;
    writeJson(lockFile("1.0.0"), { ...lock, engineVersion: "9.0.0" });
    expect(await problems()).toEqual([]);
    expect(compareRelease(registry, "v2026.1")).toMatchObject([
      { file: expect.stringContaining("locks/tiny/1.0.0.json"), got: "another text" },
      { file: expect.stringContaining("release.json") },
    ]);
  });

  test("its name is taken", () => {
    expect(() => freeze(registry, "v2026.1", day)).toThrow("a name that no release has");
  });
});

function dataciteSchema() {
  const ajv = addFormats.default(new Ajv2019({ strict: false, allErrors: true, logger: false }));
  // The file has an older draft's word for its own name.
  const { id: _, ...schema } = fixture("datacite-4.5") as { id: string };
  return ajv.compile(schema);
}

function fixture(name: string): object {
  return readJson(join(import.meta.dirname, "fixtures", `${name}.json`)) as object;
}

test("a list that names another lock is refused before it is merged", async () => {
  freeze(registry, "v2026.1", day);
  writeFileSync(release("locks", "tiny", "1.0.0.json"), "{}\n");
  expect(await problems()).toMatchObject([expect.stringMatching(/as release\.json says \| /)]);
});

test.each(["latest", "v1/../../..", "2026"])("%s is no name of a release", (name) => {
  expect(() => freeze(registry, name, day)).toThrow("a name such as v2026.1");
});
