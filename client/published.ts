import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { ContributionError } from "#ci/errors.ts";
import type { Looked } from "#ci/night.ts";
import { formatProblems } from "#ci/problems.ts";
import type { LockedVersion } from "#ci/release/locked.ts";
import { type Workspace, workspace } from "#ci/workspace.ts";
import { type Common, count, data, say, verb } from "./verb.ts";

interface NightOptions extends Common {
  minutes?: number;
  day?: string;
}

interface VerifyOptions extends NightOptions {
  quick?: boolean;
  rebuild?: boolean;
  retest?: boolean;
  tests?: string;
  sample?: number;
  release?: string;
}

interface ScanOptions extends Common {
  database?: string;
  out?: string;
}

interface ReleaseOptions extends Common {
  check?: boolean;
  date?: string;
  archive?: string;
  catalog: string;
}

/** The verbs for what is published: to name it, hold it against its promises, delete and freeze it. */
export function addPublishedVerbs(program: Command): void {
  verb(
    program,
    "list [ids...]",
    "Print the `docker run` line of each built model, by digest.",
  ).action(async (ids: string[], options: Common) => {
    const { list } = await import("./list.ts");
    const at = await publishedHere(options);
    const lines = list(ids, at);
    if (options.json) return data(lines);
    if (lines.length === 0)
      say(
        `nothing is built yet${ids.length > 0 ? ` of ${ids.join(", ")}` : ""}\n  hint: ./scripts/demo builds the models on this machine`,
      );
    for (const { title, run } of lines) process.stdout.write(`# ${title}\n${run}\n`);
  });

  verb(
    program,
    "verify [ids...]",
    "Hold what the registry has of each version against its lock, to the byte.",
  )
    .option("--quick", "ask for blobs' sizes only, without reading them")
    .option("--rebuild", "build each version once more and compare the digests")
    .option("--retest", "run the samples of each image once more")
    .addOption(
      new Option(
        "--tests <folder>",
        "with --retest: where tests.json of each version goes",
      ).implies({
        retest: true,
      }),
    )
    .option("--sample <count>", "only so many of the versions, drawn by chance", count)
    .addOption(minutesOption())
    .addOption(dayOption())
    .addOption(
      new Option("--release <name>", "the locks that a release froze, instead of those of today")
        // A rebuild is by the engine and the base of today.
        .conflicts(["rebuild", "retest"]),
    )
    .action(async (ids: string[], options: VerifyOptions) => {
      const { verify } = await import("#ci/commands/verify.ts");
      const { minutesFor } = await import("#ci/attest/minutes.ts");
      const { rebuild } = await import("#ci/attest/rebuild.ts");
      const { keepTests, retest } = await import("#ci/attest/retest.ts");
      const { lockedVersions, sampleOf } = await import("#ci/release/locked.ts");
      const { lookAt } = await import("#ci/night.ts");
      const at = await publishedHere(options);
      const versions = sampleOf(lockedVersions(ids, options, at), options.sample);
      if (versions.length === 0) say("nothing to verify: no version of the registry is locked");
      const seen = new Map();
      const look = async ({ id, version, file, ...subject }: LockedVersion) => {
        const problems = await verify({ id, version, ...subject }, file, { ...options, seen });
        const name = `${id}@${version}`;
        if (options.rebuild) problems.push(...(await rebuild(name, file, at, say)));
        if (options.retest) {
          const again = await retest(name, file, at);
          problems.push(...again.problems);
          if (options.tests) keepTests(resolve(options.tests), { id, version }, again.tests);
        }
        if (problems.length === 0) say(`${id} ${version}: everything is as locked`);
        return problems;
      };
      // What runs containers wants the machine for itself.
      const atOnce = options.rebuild || options.retest ? 1 : 8;
      const pace = { atOnce, minutesFor: (one: LockedVersion) => minutesFor(one, options) };
      tell(await lookAt(versions, { ...options, say }, pace, look), options);
    });

  verb(
    program,
    "remove <version>",
    "Delete all that is published of a version that model.json calls removed, and its lock.",
  ).action(async (name: string, options: Common) => {
    const { remove } = await import("#ci/commands/remove.ts");
    const deleted = await remove(name, workspace(options));
    say(`${name}: deleted ${deleted.length} manifests; commit that its lock is gone`);
    if (options.json) data({ deleted });
  });

  verb(
    program,
    "upstream [ids...]",
    "Say which sources, tags and weights are no longer where their entries say.",
  )
    .addOption(minutesOption())
    .addOption(dayOption())
    .action(async (ids: string[], options: NightOptions) => {
      const { upstream } = await import("#ci/commands/upstream.ts");
      const results = await upstream(ids, workspace(options), { ...options, say });
      if (tell(results, options)) say("everything is where its entry says");
    });

  verb(
    program,
    "scan [ids...]",
    "Look up what is known today against the packages of published images.",
  )
    .option(
      "--database <place>",
      "folder or address with <ecosystem>/all.zip (default: MODELHUB_OSV, or OSV's own)",
    )
    .option("--out <folder>", "where scan.json of each version goes, instead of into the registry")
    .action(async (ids: string[], options: ScanOptions) => {
      const { scan } = await import("#ci/commands/scan.ts");
      const { osv } = await import("#ci/scan/database.ts");
      const { today } = await import("#ci/night.ts");
      const { database = process.env["MODELHUB_OSV"] ?? osv, out } = options;
      const results = await scan(ids, await publishedHere(options), {
        ...{ database, say, today: today() },
        ...(out && { out: resolve(out) }),
      });
      if (results.length === 0) say("nothing is published that has an SBOM");
      if (options.json) data(results);
    });

  verb(program, "release <name>", "Freeze the locks of today under a name that papers cite.")
    .option("--check", "only say whether the release is as this commit's registry gives it")
    .option("--date <day>", "day of the release, such as 2026-01-31 (default: today)")
    .option("--archive <file>", "write the release as one .tar.gz, with metadata of each version")
    .option("--catalog <folder>", "folder that `catalog` wrote", ".modelhub/catalog")
    .action(async (name: string, options: ReleaseOptions) => {
      const { compareRelease, freeze } = await import("#ci/release/freeze.ts");
      const at = workspace(options);
      if (options.check) {
        const problems = compareRelease(at.registry, name);
        if (problems.length > 0) throw new ContributionError(problems);
        say(`${name}: as this commit's locks`);
      } else if (!options.archive) {
        const { today } = await import("#ci/night.ts");
        const files = freeze(at.registry, name, options.date ?? today());
        say(`${files.length} files; commit them, then set the tag ${name}`);
      }
      if (!options.archive) return;
      const { writeArchive } = await import("#ci/release/archive.ts");
      await writeArchive(at.registry, name, resolve(options.catalog), resolve(options.archive));
      say(`${name} in ${options.archive}`);
    });
}

/** The workspace; where no registry is told, with the one that `scripts/demo` filled here. */
async function publishedHere(options: Common): Promise<Workspace> {
  const { builtHere } = await import("./list.ts");
  const registry = options.registry ?? builtHere();
  return workspace({ ...options, ...(registry && { registry }) });
}

function minutesOption(): Option {
  const words = "only as many as so many minutes allow: those whose night it is, by the day";
  return new Option("--minutes <count>", words).argParser(count);
}

function dayOption(): Option {
  return new Option("--day <day>", "the day for --minutes, such as 2026-01-31 (default: today)");
}

/** Prints what was found, takes the exit code from it, and returns whether there was nothing. */
function tell(results: readonly Looked[], { json }: Common): boolean {
  const problems = results.flatMap((result) => result.problems);
  if (json) data(results);
  else if (problems.length > 0) say(formatProblems(problems));
  process.exitCode = problems.length > 0 ? 1 : 0;
  return problems.length === 0;
}
