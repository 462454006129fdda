import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { ContributionError } from "#ci/errors.ts";
import { formatProblems } from "#ci/problems.ts";
import { type Workspace, workspace } from "#ci/workspace.ts";
import { type Common, data, say, verb } from "./verb.ts";

interface VerifyOptions extends Common {
  quick?: boolean;
  rebuild?: boolean;
  retest?: boolean;
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
    .option("--sample <count>", "only so many of the versions, drawn by chance", Number)
    .addOption(
      new Option("--release <name>", "the locks that a release froze, instead of those of today")
        // A rebuild is by the engine and the base of today.
        .conflicts(["rebuild", "retest"]),
    )
    .action(async (ids: string[], options: VerifyOptions) => {
      const { verify } = await import("#ci/commands/verify.ts");
      const { rebuild } = await import("#ci/attest/rebuild.ts");
      const { retest } = await import("#ci/attest/retest.ts");
      const { lockedVersions, sampleOf } = await import("#ci/release/locked.ts");
      const at = await publishedHere(options);
      const results = [];
      const versions = lockedVersions(ids, options, at);
      for (const { id, version, file, ...subject } of sampleOf(versions, options.sample)) {
        const problems = await verify({ id, version, ...subject }, file, options);
        const name = `${id}@${version}`;
        if (options.rebuild) problems.push(...(await rebuild(name, file, at, say)));
        if (options.retest) problems.push(...(await retest(name, file, at)));
        if (problems.length === 0) say(`${id} ${version}: everything is as locked`);
        results.push({ id, version, problems });
      }
      const problems = results.flatMap((result) => result.problems);
      if (options.json) data(results);
      else if (problems.length > 0) say(formatProblems(problems));
      process.exitCode = problems.length > 0 ? 1 : 0;
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
  ).action(async (ids: string[], options: Common) => {
    const { upstream } = await import("#ci/commands/upstream.ts");
    const results = await upstream(ids, workspace(options));
    const problems = results.flatMap((result) => result.problems);
    if (options.json) data(results);
    else say(problems.length > 0 ? formatProblems(problems) : "everything is where its entry says");
    process.exitCode = problems.length > 0 ? 1 : 0;
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

const today = (): string => new Date().toISOString().slice(0, 10);
