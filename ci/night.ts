import { OursError } from "./errors.ts";
import { sha256 } from "./files.ts";
import { type Problem, plural } from "./problems.ts";
import { nameOf } from "./registry.ts";
import { inTurns } from "./turns.ts";

/**
 * What one night looks at of a registry that is too large for it. Each version's turn follows from its
 * name and the day alone, so nothing has to be remembered, and a night can be told and repeated.
 */

interface Version {
  id: string;
  version: string;
  /** What messages about it name. */
  file: string;
}

export interface Night {
  /** The time that all of it may take; without, every version is looked at. */
  minutes?: number;
  /** The day that says whose turn it is, such as 2026-01-31. */
  day?: string;
  say: (line: string) => void;
}

/** How long a look at a version takes, and how many are looked at at once. */
export interface Pace<One> {
  minutesFor: (version: One) => number;
  atOnce?: number;
}

/** What was found of one version. */
export interface Looked {
  id: string;
  version: string;
  problems: Problem[];
}

/** Looks at versions, or at those of them whose night it is. */
export async function lookAt<One extends Version>(
  versions: readonly One[],
  { minutes, day, say }: Night,
  { minutesFor, atOnce = 8 }: Pace<One>,
  look: (version: One) => Promise<Problem[]>,
): Promise<Looked[]> {
  if (minutes === undefined) {
    if (day) throw new OursError(`expected --minutes with --day ${day}, such as --minutes 120`);
    return inTurns(versions, atOnce, async (one) => told(one, await look(one)));
  }
  const night = day ?? today();
  const { due, part, of } = versionsOfNight(versions, minutes, night, minutesFor);
  say(
    `${night} is for part ${part} of ${of}: ${due.length} of ${plural(versions.length, "version")}, each of which has its turn once in ${plural(of, "night")}`,
  );
  return lookUntil(due, minutes, atOnce, look);
}

/** The day of today, in UTC. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/**
 * The versions whose turn it is on a day, so many that they take no longer than `minutes` by what
 * `minutesFor` reckons.
 */
export function versionsOfNight<One extends Version>(
  versions: readonly One[],
  minutes: number,
  day: string,
  minutesFor: (version: One) => number,
): { due: One[]; part: number; of: number } {
  if (!(minutes > 0)) throw new OursError("expected minutes above 0, such as --minutes 120");
  const placed = versions.map((version) => ({ version, place: placeOf(version) }));
  const fits = (of: number): boolean => {
    const sums = Array<number>(of).fill(0);
    for (const { version, place } of placed)
      sums[place % of] = (sums[place % of] ?? 0) + minutesFor(version);
    return sums.every((sum) => sum <= minutes);
  };
  // By powers of two: where the registry grows, each part becomes two, and none loses its turn by it.
  let of = 1;
  while (of < mostParts && !fits(of)) of *= 2;
  const part = daysTo(day) % of;
  const due = placed.filter(({ place }) => place % of === part).map(({ version }) => version);
  return { due, part: part + 1, of };
}

// What would take more nights is ended by its time alone.
const mostParts = 1024;

/** A number that a version keeps, spread evenly. */
function placeOf(version: Version): number {
  return Number.parseInt(sha256(nameOf(version)).slice(0, 8), 16);
}

function daysTo(day: string): number {
  const time = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(time)) throw new OursError(`expected a day such as 2026-01-31, got ${day}`);
  return time / 86_400_000;
}

/** Those that nobody came to when the minutes are over are told in one problem. */
async function lookUntil<One extends Version>(
  versions: readonly One[],
  minutes: number,
  atOnce: number,
  look: (version: One) => Promise<Problem[]>,
): Promise<Looked[]> {
  const end = performance.now() + minutes * 60_000;
  const found = await inTurns(versions, atOnce, async (one) =>
    performance.now() < end ? told(one, await look(one)) : undefined,
  );
  const looked = found.filter((one) => one !== undefined);
  const [first, ...others] = versions.filter((_, place) => !found[place]);
  if (!first) return looked;
  const left = {
    file: first.file,
    expected: `a look at ${plural(versions.length, "version")} in ${plural(minutes, "minute")}`,
    got: `none at this one, nor at ${plural(others.length, "other")}: the time was over`,
    hint: "something was slower than reckoned: run it by hand, or wait for this part's next night",
  };
  return [...looked, told(first, [left])];
}

function told({ id, version }: Version, problems: Problem[]): Looked {
  return { id, version, problems };
}
