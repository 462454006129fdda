import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";
import type { DocumentName } from "#schema/documents.ts";
import type { Model, Source } from "#schema/entry.ts";
import type { Instance } from "#schema/instance.ts";
import type { Lock } from "#schema/lock.ts";
import { Id, Version } from "#schema/primitives.ts";
import { ContributionError } from "./errors.ts";
import { nearest } from "./nearest.ts";
import { type Problem, quote } from "./problems.ts";
import { type Document, parseDocument } from "./shape.ts";

/** One version of one model. */
export interface Entry {
  id: string;
  version: string;
  model: Model;
  source: Source;
  /** What CI built; absent while the version waits for its first build. */
  lock?: Lock;
  /** Its files, as messages name them and as Node opens them from the working folder. */
  files: { model: string; source: string; lock: string; scan: string; tests: string };
}

export interface Registry {
  /** The folder that holds registry.json, as messages name it. */
  folder: string;
  /** Absent when registry.json is wrong. */
  instance?: Instance;
  /** The entries whose files have the right shape, by id, then version. */
  entries: Entry[];
  /** Every id with its versions, of whatever shape: `models/<id>/<version>/`. */
  ids: Map<string, string[]>;
  problems: Problem[];
}

/** Reads all files of a registry. What is wrong with them comes back as problems. */
export function readRegistry(folder: string): Registry {
  const shown = shownPath(folder);
  const problems: Problem[] = [];
  const registryFile = join(shown, "registry.json");
  const models = join(shown, "models");
  const registry: Registry = { folder: shown, entries: [], ids: new Map(), problems };

  const instance = readDocument("registry", registryFile, problems);
  if (instance) registry.instance = instance;
  if (isFolder(models)) {
    for (const { name, item } of list(models)) {
      if (!isPart(item, Id.safeParse(name).success, join(models, name), folderOfModel, problems))
        continue;
      readModel(registry, join(models, name), name);
    }
  }
  return registry;
}

/** An id with its version, as commands take it: `squeeze-net@1.0.0`. */
export function nameOf({ id, version }: { id: string; version: string }): string {
  return `${id}@${version}`;
}

/** Whether a version is among names such as `squeeze-net` or `squeeze-net@1.0.0`. */
export function isOneOf(names: readonly string[], entry: { id: string; version: string }): boolean {
  return names.includes(entry.id) || names.includes(nameOf(entry));
}

/** Throws for all names that none of the versions has. */
export function requireNamed(
  names: readonly string[],
  known: readonly { id: string; version: string }[],
  about?: Parameters<typeof unknownEntry>[2],
): void {
  const unknown = names.filter((name) => !known.some((one) => isOneOf([name], one)));
  if (unknown.length > 0)
    throw new ContributionError(unknown.map((name) => unknownEntry(name, known, about)));
}

/** The problem of a name that no version has. */
export function unknownEntry(
  name: string,
  known: readonly { id: string; version: string }[],
  { file = "registry", expected = "an id of this registry" } = {},
): Problem {
  const meant = nearest(
    name,
    known.flatMap((one) => [one.id, nameOf(one)]),
  );
  const hint = meant ? `did you mean ${quote(meant)}?` : "ids are the folders of models/ in it";
  return { file, expected, got: quote(name), hint };
}

/** Whether people are still offered a version: it is neither yanked nor removed. */
export function isOffered({ model, version }: Pick<Entry, "model" | "version">): boolean {
  return !model.yanked?.[version] && !model.removed?.[version];
}

/** A path as messages show it: from the working folder where it lies inside. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  const outside = near === ".." || near.startsWith("../") || isAbsolute(near);
  return outside ? path : near || ".";
}

const folderOfModel = "a folder named as a model's id (lower-case letters, digits and hyphens)";
const partsOfVersion = ["source.json", "lock.json", "scan.json", "tests.json"];
const folderOfVersion = "a folder named as a semantic version, such as 1.0.0";

function readModel(registry: Registry, folder: string, id: string): void {
  const { problems } = registry;
  const modelFile = join(folder, "model.json");
  const versions: string[] = [];
  for (const { name, item } of list(folder)) {
    if (name === "model.json" && item.isFile()) continue;
    const path = join(folder, name);
    if (isPart(item, Version.safeParse(name).success, path, folderOfVersion, problems))
      versions.push(name);
  }
  versions.sort(compareVersions);
  registry.ids.set(id, versions);

  const model = readDocument("model", modelFile, problems);
  if (versions.length === 0) {
    problems.push({
      file: folder,
      expected: "a version, such as 1.0.0/source.json",
      got: "none",
    });
  }
  for (const version of versions) {
    const files = {
      model: modelFile,
      source: join(folder, version, "source.json"),
      lock: join(folder, version, "lock.json"),
      scan: join(folder, version, "scan.json"),
      tests: join(folder, version, "tests.json"),
    };
    const items = list(join(folder, version));
    for (const { name, item } of items) {
      const known = item.isFile() && partsOfVersion.includes(name);
      if (!known)
        problems.push({
          file: join(folder, version, name),
          expected: `only the files ${partsOfVersion.join(", ")}`,
          got: kindOf(item),
        });
    }
    const source = readDocument("source", files.source, problems);
    const locked = items.some(({ name, item }) => name === "lock.json" && item.isFile());
    const lock = locked ? readDocument("lock", files.lock, problems) : undefined;
    if (model && source)
      registry.entries.push({ id, version, model, source, ...(lock && { lock }), files });
  }
}

// A document is written by hand or by CI in a few kilobytes; a bigger file is a mistake.
const maxDocumentBytes = 1_048_576;

/** One document from its file, or problems. */
export function readDocument<N extends DocumentName>(
  name: N,
  file: string,
  problems: Problem[],
): Document<N> | undefined {
  let text: string;
  try {
    // The contents come first: asking for the size of 30,000 small files takes longer than reading them.
    text = readFileSync(file, "utf8");
  } catch (error) {
    problems.push({ file, expected: "a file", got: reasonOf(error) });
    return undefined;
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > maxDocumentBytes) {
    problems.push({ file, expected: "at most 1 MiB", got: `${bytes} bytes` });
    return undefined;
  }
  const result = parseDocument(name, text, file);
  problems.push(...result.problems);
  return result.value;
}

/** 1.0.0-rc.1 before 1.0.0 before 1.10.0. */
export function compareVersions(a: string, b: string): number {
  const [coreA = "", preA = ""] = splitOnce(a);
  const [coreB = "", preB = ""] = splitOnce(b);
  const core = compareParts(coreA.split("."), coreB.split("."));
  if (core !== 0) return core;
  if (preA === "" || preB === "") return preA === preB ? 0 : preA === "" ? 1 : -1;
  return compareParts(preA.split("."), preB.split("."));
}

function splitOnce(version: string): string[] {
  const hyphen = version.indexOf("-");
  return hyphen < 0 ? [version] : [version.slice(0, hyphen), version.slice(hyphen + 1)];
}

function compareParts(a: string[], b: string[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const [one, other] = [a[index], b[index]];
    if (one === undefined || other === undefined) return one === undefined ? -1 : 1;
    if (one === other) continue;
    const [oneIsNumber, otherIsNumber] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (oneIsNumber && otherIsNumber) return BigInt(one) < BigInt(other) ? -1 : 1;
    if (oneIsNumber !== otherIsNumber) return oneIsNumber ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return 0;
}

function isPart(
  item: Dirent,
  isNamedRight: boolean,
  file: string,
  expected: string,
  problems: Problem[],
): boolean {
  if (item.isDirectory() && isNamedRight) return true;
  problems.push({ file, expected, got: kindOf(item) });
  return false;
}

function kindOf(item: Dirent): string {
  if (item.isSymbolicLink()) return "a symbolic link";
  return item.isDirectory() ? "a folder of another name" : "a file";
}

/** What lies in a folder, sorted by name. Empty folders are kept in git by `.gitkeep`. */
function list(folder: string): { name: string; item: Dirent }[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((item) => item.name !== ".gitkeep" && item.name !== ".DS_Store")
    .map((item) => ({ name: item.name, item }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "nothing";
  if (code === "EISDIR") return "a folder";
  return code ?? String(error);
}
