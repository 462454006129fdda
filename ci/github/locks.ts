import { existsSync, lstatSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Instance } from "#schema/instance.ts";
import { Lock } from "#schema/lock.ts";
import { Scan } from "#schema/scan.ts";
import { Tests } from "#schema/tests.ts";
import { verify } from "../commands/verify.ts";
import { OursError, RetryError } from "../errors.ts";
import { readJson, writeJson } from "../files.ts";
import { withKept } from "../history.ts";
import { formatProblems, plural } from "../problems.ts";
import { ProcessError, run } from "../process.ts";
import { type Entry, readRegistry } from "../registry.ts";
import { inTurns } from "../turns.ts";

// Others push to the branch meanwhile; so many times in a row they hardly come first.
const attempts = 10;

// How many locks are held against the OCI registry at once.
const atOnce = 8;

/** What jobs hand on to be committed beside a version's source, and by what each speaks of its entry. */
const kinds = {
  lock(value: unknown) {
    const document = Lock.parse(value);
    const { revision } = document.source;
    return { document, told: revision, of: ({ source }: Entry) => source.revision };
  },
  scan(value: unknown) {
    const document = Scan.parse(value);
    return { document, told: document.sbom, of: ({ lock }: Entry) => lock?.attestations?.sbom };
  },
  tests(value: unknown) {
    const document = Tests.parse(value);
    const told = document.tests.map(({ image, platform }) => `${image} on ${platform}`).sort();
    const of = ({ lock }: Entry) => testable(lock).filter((one) => told.includes(one));
    return { document, told: told.join(", "), of: (entry: Entry) => of(entry).join(", ") };
  },
};

/** Each image of a version with each platform that it has: what can be tested once in a night. */
function testable(lock: Lock | undefined): string[] {
  const images = lock ? [lock.image, ...Object.values(lock.variants ?? {})] : [];
  return images
    .flatMap(({ digest, platforms }) =>
      Object.keys(platforms).map((platform) => `${digest} on ${platform}`),
    )
    .sort();
}

/** How a commit and its messages name them. */
const words: Record<Kind, { did: string; one: string }> = {
  lock: { did: "Lock", one: "lock" },
  scan: { did: "Scan", one: "scan" },
  tests: { did: "Test", one: "test file" },
};

type Kind = keyof typeof kinds;

/** Commits the locks that lie anywhere in `folder`, and nothing else, and pushes the branch. */
export function pushLocks(
  folder: string,
  registry: string,
  say: (line: string) => void,
): Promise<void> {
  return pushDocuments("lock", folder, registry, say);
}

/** The same for scans. */
export function pushScans(
  folder: string,
  registry: string,
  say: (line: string) => void,
): Promise<void> {
  return pushDocuments("scan", folder, registry, say);
}

/** The same for tests of what is locked, which join those that are there. */
export function pushTests(
  folder: string,
  registry: string,
  say: (line: string) => void,
): Promise<void> {
  return pushDocuments("tests", folder, registry, say);
}

/**
 * Commits the documents of a kind to the branch that is checked out at the registry, and pushes it. Each
 * is read as data and written anew, so nothing but documents of entries gets in.
 */
async function pushDocuments(
  kind: Kind,
  folder: string,
  registry: string,
  say: (line: string) => void,
): Promise<void> {
  const { did, one } = words[kind];
  const files = await writeDocuments(kind, folder, registry);
  const git = (...args: string[]) => run("git", args, { cwd: registry, env: identity() });
  await git("add", "--", ...files);
  if ((await git("diff", "--cached", "--name-only")) === "")
    return say(`every ${one} is as it was`);
  const message = `${did} ${plural(files.length, "published version")}`;
  await git("commit", "--quiet", "--message", message);
  for (let attempt = 1; ; attempt++) {
    try {
      await git("push", "--quiet", "origin", "HEAD");
      return say(`pushed ${plural(files.length, one)}`);
    } catch (error) {
      if (!(error instanceof ProcessError)) throw error;
      if (attempt === attempts) throw new RetryError(error.message);
      await setTimeout(Math.random() * 1000 * attempt);
      await git(
        "pull",
        "--quiet",
        "--rebase",
        "origin",
        (await git("branch", "--show-current")).trim(),
      );
    }
  }
}

/** Writes each document beside the source that it speaks of. Returns the files. */
async function writeDocuments(kind: Kind, folder: string, registry: string): Promise<string[]> {
  const { instance, entries } = readRegistry(registry);
  if (!instance) throw new OursError(`expected registry.json in ${registry}, got none`);
  const { one } = words[kind];
  const written = new Map<string, Lock | Scan | Tests>();
  for (const path of filesNamed(`${kind}.json`, folder)) {
    const { document, told, of } = kinds[kind](readJson(path));
    const { id, version } = document;
    const entry = entries.find((known) => known.id === id && known.version === version);
    const is = entry && of(entry);
    if (told !== is)
      throw new OursError(
        `${id} ${version}: the ${one} speaks of ${told}, the entry of ${is ?? "nothing"}`,
      );
    const file = join("models", id, version, `${kind}.json`);
    if (written.has(file)) throw new OursError(`${id} ${version}: expected one ${one}, got two`);
    written.set(file, "tests" in document ? withKept(document, join(registry, file)) : document);
  }
  const locks = [...written.values()].filter((document) => "image" in document);
  await inTurns(locks, atOnce, (lock) => requirePublished(lock, instance));
  for (const [file, document] of written) writeJson(join(registry, file), document);
  return [...written.keys()];
}

/**
 * Throws where the OCI registry does not bear a lock out. Any job of a run can leave a file that looks like
 * one, those that run contributors' code too, but only those that publish can push what it names.
 */
async function requirePublished(lock: Lock, instance: Instance): Promise<void> {
  const { id, version, image, attestations } = lock;
  const name = `${instance.images}/models/${id}`;
  if (image.name !== name)
    throw new OursError(
      `${id} ${version}: expected the lock of an image ${name}, got one of ${image.name}`,
    );
  if (!attestations)
    throw new OursError(`${id} ${version}: expected a lock with a provenance, got one without`);
  const what = `the lock of ${id} ${version}, handed on by another job`;
  const problems = await verify({ id, version, lock, instance }, what, { manifests: true });
  if (problems.length > 0) throw new OursError(formatProblems(problems));
}

/** Files of a name, anywhere in a folder. */
function filesNamed(name: string, folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((path) => join(folder, path))
    .filter((path) => basename(path) === name && lstatSync(path).isFile());
}

/** Who commits; and the job's token for GitHub alone, where a process list doesn't show it. */
function identity(): Record<string, string> {
  const name = "github-actions[bot]";
  const email = "41898282+github-actions[bot]@users.noreply.github.com";
  const { GITHUB_TOKEN: token } = process.env;
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    ...(token && {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "http.https://github.com/.extraheader",
      GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
    }),
  };
}
