import { createHash, hash } from "node:crypto";
import {
  chmodSync,
  createReadStream,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { withAside } from "./aside.ts";

/** SHA-256 of a text or of bytes, as hex. */
export function sha256(data: string | Uint8Array): string {
  return hash("sha256", data);
}

/** SHA-256 of a file of any size, as hex; reads it in pieces. */
export async function sha256File(path: string): Promise<string> {
  const hashing = createHash("sha256");
  await pipeline(createReadStream(path), hashing);
  return hashing.digest("hex");
}

/** Hash of any JSON value; the order of keys does not matter. */
export function keyOf(value: unknown): string {
  return sha256(JSON.stringify(sorted(value)));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

/** JSON as our files hold it: two spaces, a line end. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Writes the file aside and renames it, so that nobody ever reads half of it. */
export function writeFile(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}.tmp`;
  writeFileSync(aside, content);
  renameSync(aside, path);
}

/** Writes a value as JSON, as `writeFile` does. */
export function writeJson(path: string, value: unknown): void {
  writeFile(path, toJson(value));
}

/** The value in a JSON file, or undefined when there is no such file. */
export function readJson(path: string): unknown {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/**
 * Makes a folder by `fill`, in one step for everybody else: it is filled aside and renamed.
 * A folder that is there already stays, unless `replace` is set.
 */
export async function makeFolder(
  path: string,
  fill: (aside: string) => Promise<void>,
  { replace = false } = {},
): Promise<string> {
  if (existsSync(path) && !replace) return path;
  await withAside(path, async (aside) => {
    await fill(aside);
    if (replace) rmSync(path, { recursive: true, force: true });
    renameOrKeep(aside, path);
  });
  return path;
}

/** Another process may have made the same folder in the meantime; then theirs stays. */
function renameOrKeep(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

export interface FileFact {
  path: string;
  bytes: number;
  executable: boolean;
  sha256: string;
}

/**
 * Every file below a folder in a fixed order, with its hash; of `isWanted`, those whose path it takes.
 * A symbolic link counts as its target's name.
 */
export async function listFiles(
  folder: string,
  isWanted: (path: string) => boolean = () => true,
): Promise<FileFact[]> {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => ({ path: join(entry.parentPath, entry.name), isLink: entry.isSymbolicLink() }))
    .filter(({ path }) => isWanted(path.slice(folder.length + 1)))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  const files: FileFact[] = [];
  for (const { path, isLink } of found) {
    const { size, mode } = lstatSync(path);
    files.push({
      path: path.slice(folder.length + 1),
      bytes: size,
      executable: (mode & 0o100) !== 0,
      sha256: isLink ? sha256(`link to ${readlinkSync(path)}`) : await hashOf(path, size),
    });
  }
  return files;
}

// A stream for each of hundreds of small files takes five times as long as reading them.
const smallBytes = 1_048_576;

async function hashOf(path: string, bytes: number): Promise<string> {
  return bytes <= smallBytes ? sha256(readFileSync(path)) : sha256File(path);
}

/**
 * Gives every file below a folder the mode that git knows: 644, or 755 for programs. What a file's
 * mode is otherwise depends on the machine, and an image's digest with it.
 */
export function fixModes(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const path = join(entry.parentPath, entry.name);
    const isProgram = entry.isDirectory() || (lstatSync(path).mode & 0o100) !== 0;
    chmodSync(path, isProgram ? 0o755 : 0o644);
  }
  chmodSync(folder, 0o755);
}
