import {
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  statSync,
  utimesSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { RetryError } from "../errors.ts";
import { homeFolder } from "../home.ts";

/**
 * The database: what OSV publishes for everybody to copy, a ZIP of advisories for each ecosystem. Its
 * date is that of the file. https://google.github.io/osv.dev/data/#data-dumps
 */

export const osv = "https://osv-vulnerabilities.storage.googleapis.com";

export interface Database {
  /** Folder with <ecosystem>/all.zip. */
  folder: string;
  ecosystems: string[];
  /** Day of its oldest file. */
  date: string;
}

/** The parts of the database for these ecosystems, from a folder or an address. Throws where one is not to be had. */
export async function openDatabase(
  place: string,
  ecosystems: readonly string[],
): Promise<Database> {
  const isAddress = /^https?:\/\//.test(place);
  const folder = isAddress ? homeFolder("osv") : place;
  const days: string[] = [];
  for (const ecosystem of ecosystems) {
    const file = join(folder, ecosystem, "all.zip");
    if (isAddress) await bring(`${place}/${ecosystem}/all.zip`, file);
    if (!existsSync(file))
      throw new RetryError(
        `no vulnerability database for ${ecosystem}: expected ${file}, got nothing\n  hint: it is ${osv}/${ecosystem}/all.zip`,
      );
    days.push(statSync(file).mtime.toISOString().slice(0, 10));
  }
  const [date = ""] = days.toSorted();
  return { folder, ecosystems: [...ecosystems], date };
}

/** Brings a file that is newer than the one that is here, and gives it the time that its host says. */
async function bring(url: string, file: string): Promise<void> {
  const known = existsSync(file) && { "if-modified-since": statSync(file).mtime.toUTCString() };
  try {
    const response = await fetch(url, { headers: { ...known } });
    if (response.status === 304) return;
    const modified = new Date(response.headers.get("last-modified") ?? "");
    if (!response.ok || !response.body) throw new Error(`it answered ${response.status}`);
    if (Number.isNaN(modified.valueOf())) throw new Error("it says not of what day the file is");
    mkdirSync(dirname(file), { recursive: true });
    const aside = `${file}.new`;
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(aside));
    utimesSync(aside, modified, modified);
    renameSync(aside, file);
  } catch (error) {
    const reason = (error as Error).cause ?? error;
    throw new RetryError(`no vulnerability database from ${url}: ${String(reason)}`, {
      cause: error,
    });
  }
}
