import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { commitAll } from "../e2e/commit.ts";
import { writeJson } from "../files.ts";
import { foreignChanges } from "./owners.ts";

const registry = mkdtempSync(join(tmpdir(), "modelhub-owners-"));
const event = join(registry, "event.json");
let base = "";

beforeAll(async () => {
  const [schemaVersion, repository] = ["1", "https://example.org/tiny"];
  const maintainers = [{ github: "Ada" }, { github: "grace" }];
  const model = { schemaVersion, title: "Tiny", repository, maintainers };
  writeJson(join(registry, "models/tiny/model.json"), model);
  await execa("git", ["init", "--quiet", registry]);
  base = await commitAll(registry);
});
afterEach(() => {
  delete process.env["GITHUB_EVENT_PATH"];
});
afterAll(() => rmSync(registry, { recursive: true }));

function proposedBy(login: string, author_association = "CONTRIBUTOR"): void {
  writeJson(event, { pull_request: { user: { login }, author_association } });
  process.env["GITHUB_EVENT_PATH"] = event;
}

const changes = (...paths: string[]) => foreignChanges(paths, base, registry);
const ofTiny = ["models/tiny/model.json", "models/tiny/2.0.0/source.json"] as const;

test("a stranger's change of another's model is told, once", async () => {
  proposedBy("mallory");
  expect(await changes(...ofTiny)).toMatchObject([
    { expected: "a change by Ada or grace", got: "one by mallory" },
  ]);
});

test("a change of the registry's own files is told too", async () => {
  proposedBy("mallory");
  expect(await changes("registry.json", "releases/v1/release.json")).toMatchObject([
    { expected: "no change", got: "one by mallory" },
  ]);
});

test.each(["lock.json", "scan.json", "tests.json"])(
  "not even a maintainer writes a %s",
  async (name) => {
    proposedBy("ada");
    expect(await changes(...ofTiny, `models/tiny/2.0.0/${name}`)).toMatchObject([
      { expected: "no change: the pipeline writes it", got: "one by ada" },
    ]);
  },
);

test.each([
  ["a maintainer", "ada", "NONE"],
  ["one who may merge", "linus", "MEMBER"],
])("%s may", async (_, login, association) => {
  proposedBy(login, association);
  expect(await changes(...ofTiny)).toEqual([]);
});

test("a new model is anybody's to propose", async () => {
  proposedBy("mallory");
  expect(await changes("models/new-one/model.json", "models/new-one/1.0.0/source.json")).toEqual(
    [],
  );
});

test("outside of a pull request nobody is asked", async () => {
  expect(await changes(...ofTiny)).toEqual([]);
});
