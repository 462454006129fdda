import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Id, Version } from "#schema/primitives.ts";
import { lockedVariants } from "../platforms.ts";
import { plural } from "../problems.ts";
import { nameOf } from "../registry.ts";
import { readStage, writeStage } from "../stage-files.ts";
import type { Subject } from "../subject.ts";

/** What `restack --json` prints, as far as jobs are made of it. */
const Restacked = z.array(z.object({ id: Id, version: Version, image: z.string().optional() }));

// GitHub starts no more jobs of one matrix, and few at once.
const mostJobs = 64;

/** A line for GITHUB_OUTPUT: jobs of equal size over the versions that stand on the new engine. */
export function packsOutput(restacked: unknown): string {
  const names = Restacked.parse(restacked)
    .filter(({ image }) => image)
    .map(nameOf);
  const count = Math.min(mostJobs, names.length);
  // Neighbours share authors, and slow models: each job gets every so many-th.
  const include = Array.from({ length: count }, (_, number) => ({
    number,
    names: names.filter((_, place) => place % count === number).join(" "),
  }));
  return `packs=${count > 0 ? JSON.stringify({ include }) : ""}\n`;
}

/**
 * Takes the reports of tests over from a folder of other jobs, those of variants too, each read as data
 * and written anew beside what was built here. A job that ran contributors' code thus hands on its
 * reports alone.
 */
export function takeTests(
  folder: string,
  subjects: readonly Subject[],
  say: (line: string) => void,
): void {
  const images = subjects.flatMap((subject) => [subject, ...lockedVariants(subject)]);
  let count = 0;
  for (const subject of images) {
    const from = join(folder, subject.id, subject.version, subject.variant ?? "");
    const tested = existsSync(from) && readStage("test", { ...subject, work: from });
    if (!tested) continue;
    writeStage("test", subject, tested);
    count++;
  }
  say(`${plural(count, "report")} of ${images.length}`);
}
