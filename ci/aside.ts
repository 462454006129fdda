import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Lends `use` a folder beside `path` to make that in. It goes with the use or with the process, whichever
 * ends first; what a killed process left beside `path` goes before.
 */
export async function withAside<T>(path: string, use: (aside: string) => Promise<T>): Promise<T> {
  const parent = dirname(path);
  const start = `.${basename(path)}.`;
  mkdirSync(parent, { recursive: true });
  for (const name of readdirSync(parent))
    if (name.startsWith(start) && isLeft(parent, name)) remove(join(parent, name));
  const aside = mkdtempSync(join(parent, `${start}${process.pid}-`));
  if (lent.size === 0) process.once("exit", removeLent);
  lent.add(aside);
  try {
    return await use(aside);
  } finally {
    remove(aside);
    lent.delete(aside);
    if (lent.size === 0) process.off("exit", removeLent);
  }
}

const lent = new Set<string>();

const removeLent = (): void => lent.forEach(remove);

/** A program that is being ended with us may still write into it. */
const remove = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });

// A process of another container looks dead from here, so nothing goes that may still be in use.
const longestMinutes = 60;

function isLeft(parent: string, name: string): boolean {
  const [, pid] = /\.(\d+)-\w{6}$/.exec(name) ?? [];
  if (pid === undefined || isAlive(Number(pid))) return false;
  const { mtimeMs } = statSync(join(parent, name), { throwIfNoEntry: false }) ?? {};
  return mtimeMs !== undefined && Date.now() - mtimeMs > longestMinutes * 60_000;
}

function isAlive(pid: number): boolean {
  try {
    // No signal is sent; the call fails where there is nobody to send it to.
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
