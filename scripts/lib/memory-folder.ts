import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A folder in memory with room for `bytes`, for times in which no disk has a part; on disk where there
 * is none. It is removed when the process ends.
 */
export function memoryFolder(bytes: number): string {
  const folder = mkdtempSync(join(hasRoom("/dev/shm", bytes) ? "/dev/shm" : tmpdir(), "bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function hasRoom(folder: string, bytes: number): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > bytes;
}
