import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as tar from "tar";
import { ContributionError } from "../errors.ts";
import { sha256File } from "../files.ts";
import { shownPath } from "../registry.ts";
import type { RegisteredBenchmark } from "./read.ts";

/** What a model has to say of each file, by the file's name. */
export type Labels = ReadonlyMap<string, string>;

/**
 * Unpacks a benchmark's labelled files into `into`; `given` is the archive where the registry may not
 * hold it. Throws ContributionError when it is not there or not the one that benchmark.json pins.
 */
export async function unpackData(
  { folder, benchmark }: RegisteredBenchmark,
  into: string,
  given?: string,
): Promise<Labels> {
  const { data } = benchmark;
  const file = join(folder, "benchmark.json");
  if (!data) throw problem(file, "data", "labelled data to measure with", "nothing");
  const archive = given ?? (data.path && join(folder, data.path));
  if (!archive || !existsSync(archive)) {
    const hint = "`--data FILE` names the archive";
    throw problem(file, "data", "the archive with the labelled data", archive ?? "nothing", hint);
  }
  const sha256 = await sha256File(archive);
  if (sha256 !== data.sha256) {
    throw problem(shownPath(archive), undefined, `SHA-256 ${data.sha256}`, sha256);
  }
  // Pinned by hash, and still: files alone, and none outside.
  await tar.extract({
    file: archive,
    cwd: into,
    strict: true,
    filter: (_, entry) => isFile(entry),
  });
  return readLabels(join(into, "labels.csv"), shownPath(archive));
}

function isFile(entry: object): boolean {
  return "type" in entry && entry.type === "File";
}

function readLabels(file: string, archive: string): Labels {
  const [head, ...lines] = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  if (head !== "file,label" || lines.length === 0) {
    const expected = "labels.csv with the columns file,label and a line for each file";
    throw problem(archive, undefined, expected, head ?? "nothing");
  }
  // A label may have commas; a file's name has none.
  return new Map(
    lines.map((line) => {
      const comma = line.indexOf(",");
      return [line.slice(0, comma), line.slice(comma + 1)];
    }),
  );
}

function problem(
  file: string,
  key: string | undefined,
  expected: string,
  got: string,
  hint?: string,
): ContributionError {
  return new ContributionError([{ file, key, expected, got, hint }]);
}
