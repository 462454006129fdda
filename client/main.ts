import { resolve } from "node:path";
import { Command, Option } from "commander";
import { ContributionError, exitCodeOf, ModelHubError } from "#ci/errors.ts";
import { formatProblems } from "#ci/problems.ts";
import { type Workspace, workspace } from "#ci/workspace.ts";
import { addGithubVerbs } from "./github.ts";

/** The `modelhub` program: one verb a stage. Data goes to stdout, words to stderr. */

const program = new Command("modelhub")
  .description(
    "A registry of runnable deep-learning models. Guides are in site/docs, and on the site.",
  )
  .showHelpAfterError("`modelhub --help` lists the verbs, `modelhub VERB --help` their options.")
  // A command line that can't be understood is not a contribution at fault.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

interface Common {
  registry?: string;
  work?: string;
  json?: boolean;
  keepGoing?: boolean;
}

interface OnePlatform extends Common {
  platform?: string;
}

const keepGoing = ["--keep-going", "one name that fails holds up no other"] as const;
interface OnDevice {
  device?: string;
  image?: string;
}

const onePlatform = "only one platform of registry.json's, such as linux/arm64";

interface VerifyOptions extends Common {
  quick?: boolean;
  rebuild?: boolean;
  retest?: boolean;
  sample?: number;
  release?: string;
}

interface ReleaseOptions extends Common {
  check?: boolean;
  date?: string;
  archive?: string;
  catalog: string;
}

const say = (line: string) => process.stderr.write(`${line}\n`);
const data = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
};

function verb(usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .option(
      "--registry <folder>",
      "folder with registry.json (default: registry/ of this checkout)",
    )
    .option("--work <folder>", "folder for the stages' files (default: .modelhub/work)")
    .option("--json", "print the result as JSON on stdout");
}

verb(
  "check [names...]",
  "Check entries (ids) or contributors' folders; all of the registry when none is named.",
)
  .option("--base <ref>", "git commit that entries must not change (default: HEAD)")
  .option("--no-source", "check entries alone, without fetching their sources")
  .option("--no-weights", "don't fetch weights that lie elsewhere")
  .action(async (names: string[], options) => {
    const { check } = await import("#ci/commands/check.ts");
    const at = workspace(options);
    process.exitCode = await check({ ...options, names, registry: at.registry });
  });

verb("plan [ids...]", "Say which versions have to be built, and why. Asks no registry.").action(
  async (ids: string[], options: Common) => {
    const { planned, withoutImage } = await import("#ci/commands/plan.ts");
    const { findEntries } = await import("#ci/subject.ts");
    const subjects = await findEntries(ids, workspace(options));
    const items = planned(subjects);
    if (options.json) return data({ items });
    for (const { id, version, why } of items) say(`${id} ${version}: ${why}`);
    if (items.length === 0) say("nothing to do");
    for (const line of withoutImage(subjects)) say(line);
  },
);

verb(
  "build [names...]",
  "Build the images of entries or contributors' folders into the staging registry.",
)
  .option("--platform <platform>", onePlatform)
  .action(async (names: string[], options: OnePlatform) => {
    const results = await eachSubject(names, options, async (stages, subject, at) => {
      const built = await stages.built(subject, at, options.platform);
      if (!built) return undefined;
      const { name, digest } = built.images.deployment;
      say(`${subject.id} ${subject.version}: ${name}@${digest}`);
      return built;
    });
    if (options.json) data(results);
  });

verb(
  "restack [ids...]",
  "Put the new engine under published images that nothing else has changed for; fetches no source.",
)
  .option("--canary", "only one version for each runtime, to be tested first")
  .action(async (ids: string[], options: Common & { canary?: boolean }) => {
    const at = workspace(options);
    const { restackAll } = await import("#ci/commands/restack.ts");
    const { canary = false } = options;
    const outcomes = await restackAll(ids, at, { say, canary });
    if (outcomes.length === 0) say("every image stands on the engine of today");
    const codes = outcomes.filter(({ error }) => error).map(({ error }) => exitCodeOf(error));
    process.exitCode = Math.max(0, ...codes);
    if (options.json)
      data(outcomes.map(({ error, ...rest }) => ({ ...rest, failed: Boolean(error) })));
  });

verb(
  "test [names...]",
  "Run the samples of built images in the sandbox and compare with what is expected.",
)
  .option("--platform <platform>", onePlatform)
  .option("--device <device>", "cuda: published images, on this machine's GPU")
  .option("--image <digest>", "with --device: the only image that may run")
  .option(...keepGoing)
  .action(async (names: string[], options: OnePlatform & OnDevice) => {
    if (options.device) return testOnGpu(names, options);
    const results = await eachSubject(names, options, async (stages, subject, at) => {
      const tested = await stages.tested(subject, at, options.platform);
      for (const report of tested?.reports ?? [])
        say(`${subject.id} ${subject.version}: ${passed(report)}`);
      return tested;
    });
    if (options.json) data(results);
  });

verb(
  "publish [ids...]",
  "Push tested images, source, weights and records to the registry's namespace.",
)
  .option(...keepGoing)
  .action(async (ids: string[], options: Common) => {
    const results = await eachSubject(ids, options, async ({ published }, subject) => {
      const result = await published(subject);
      say(`${subject.id} ${subject.version}: ${result.image}@${result.digest}`);
      return result;
    });
    if (options.json) data(results);
  });

verb("lock [ids...]", "Write lock.json of published versions.")
  .option("--out <folder>", "where to, instead of into the registry")
  .option(...keepGoing)
  .action(async (ids: string[], options: Common & { out?: string }) => {
    const results = await eachSubject(ids, options, async (stages, subject, at) => {
      const { built } = stages.before(subject);
      const registry = options.out ? resolve(options.out) : at.registry;
      return stages.lock(subject, built, await stages.published(subject), { ...at, registry });
    });
    if (options.json) data(results);
  });

verb("catalog", "Write the static API from the registry and its records.")
  .option("--out <folder>", "where to", ".modelhub/catalog")
  .option("--queue <file>", "open submissions, if a workflow has asked for them")
  .action(async (options: Common & { out: string; queue?: string }) => {
    const { catalog } = await import("#ci/commands/catalog.ts");
    const result = await catalog(workspace(options), resolve(options.out), options.queue);
    say(`${result.models.length} models in ${options.out}`);
    if (options.json) data(result);
  });

verb(
  "pipeline [ids...]",
  "Take every version that needs it through all stages, from check to catalog.",
)
  .option("--out <folder>", "where the catalog goes", ".modelhub/catalog")
  .action(async (ids: string[], options: Common & { out: string }) => {
    const at = workspace(options);
    const { check } = await import("#ci/commands/check.ts");
    const checked = await check({ ...options, names: ids, registry: at.registry, json: false });
    if (checked !== 0) {
      process.exitCode = checked;
      return;
    }
    const { pipeline } = await import("#ci/commands/pipeline.ts");
    const { catalog } = await import("#ci/commands/catalog.ts");
    const outcomes = await pipeline(ids, at, say);
    if (outcomes.length === 0) say("every image is built, tested and published already");
    await catalog(at, resolve(options.out));
    const codes = outcomes.filter(({ error }) => error).map(({ error }) => exitCodeOf(error));
    process.exitCode = Math.max(0, ...codes);
    if (options.json)
      data(outcomes.map(({ error, ...rest }) => ({ ...rest, failed: Boolean(error) })));
  });

verb("list [ids...]", "Print the `docker run` line of each built model, by digest.").action(
  async (ids: string[], options: Common) => {
    const { builtHere, list } = await import("./list.ts");
    const registry = options.registry ?? builtHere();
    const at = workspace({ ...options, ...(registry && { registry }) });
    const lines = list(ids, at);
    if (options.json) return data(lines);
    if (lines.length === 0)
      say("nothing is built yet\n  hint: ./scripts/demo builds the models on this machine");
    for (const { title, run } of lines) process.stdout.write(`# ${title}\n${run}\n`);
  },
);

verb("verify [ids...]", "Hold what the registry has of each version against its lock, to the byte.")
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
    const { builtHere } = await import("./list.ts");
    const registry = options.registry ?? builtHere();
    const at = workspace({ ...options, ...(registry && { registry }) });
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
  "remove <version>",
  "Delete all that is published of a version that model.json calls removed, and its lock.",
).action(async (name: string, options: Common) => {
  const { remove } = await import("#ci/commands/remove.ts");
  const deleted = await remove(name, workspace(options));
  say(`${name}: deleted ${deleted.length} manifests; commit that its lock is gone`);
  if (options.json) data({ deleted });
});

verb(
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

verb("release <name>", "Freeze the locks of today under a name that papers cite.")
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
      const today = new Date().toISOString().slice(0, 10);
      const files = freeze(at.registry, name, options.date ?? today);
      say(`${files.length} files; commit them, then set the tag ${name}`);
    }
    if (!options.archive) return;
    const { writeArchive } = await import("#ci/release/archive.ts");
    await writeArchive(at.registry, name, resolve(options.catalog), resolve(options.archive));
    say(`${name} in ${options.archive}`);
  });

verb("site", "Build the static site from a catalog.")
  .option("--catalog <folder>", "folder that `catalog` wrote", ".modelhub/catalog")
  .option("--out <folder>", "where to", ".modelhub/site")
  .action(async (options: { catalog: string; out: string }) => {
    const { site } = await import("#ci/commands/site.ts");
    await site(resolve(options.catalog), resolve(options.out));
    say(`site in ${options.out}`);
  });

program
  .command("serve [folder]")
  .description("Serve a built site on this machine.")
  .option("--port <number>", "first port to try", "4321")
  .action(async (folder: string | undefined, { port }: { port: string }) => {
    const { serve } = await import("./serve.ts");
    say(
      `catalog on ${await serve(resolve(folder ?? ".modelhub/site"), Number(port))}  (Ctrl-C ends it)`,
    );
  });

program
  .command("predict <folder> <files...>")
  .description("Run a contributor's folder on files, in a plain Python process without containers.")
  .option("--json", "print the prediction as JSON")
  .action(async (folder: string, files: string[], options: { json?: boolean }) => {
    const { predict } = await import("./predict.ts");
    const args = ["predict", ...files, ...(options.json ? ["--json"] : [])];
    process.exitCode = await predict(folder, args, say);
  });

verb(
  "benchmark <benchmark> <names...>",
  "Measure entries (ids) or contributors' folders on a benchmark's labelled files.",
)
  .option("--data <file>", "the archive, where the registry may not hold it")
  .action(async (id: string, names: string[], options: Common & { data?: string }) => {
    const { benchmark, describeFigure } = await import("./benchmark.ts");
    const at = workspace(options);
    const measured = await benchmark(id, names, { at, data: options.data, say });
    if (options.json) return data(measured);
    for (const { name, items, metrics } of measured) {
      for (const metric of metrics) say(`${name}: ${metric.name} ${describeFigure(metric, items)}`);
    }
  });

program
  .command("schema")
  .description("Write the JSON Schemas from their zod sources.")
  .option("--check", "only say whether they are up to date")
  .action(async (options: { check?: boolean }) => {
    const { schema } = await import("#ci/commands/schema.ts");
    process.exitCode = await schema(options);
  });

program
  .command("reference", { hidden: true })
  .description("Print all verbs with their options as JSON.")
  .action(async () => {
    const { verbsOf } = await import("./reference.ts");
    data(verbsOf(program));
  });

addGithubVerbs(program, say);

type Report = import("#schema/record.ts").Report;
type FetchedSubject = import("#ci/subject.ts").FetchedSubject;
type Stages = Awaited<ReturnType<typeof stages>>;

/** Runs a stage over every named entry or folder. */
async function eachSubject<Result>(
  names: string[],
  options: Common,
  stage: (stages: Stages, subject: FetchedSubject, at: Workspace) => Promise<Result>,
): Promise<Result[]> {
  const { fetchSubjects } = await import("#ci/subject.ts");
  const at = workspace(options);
  const all = await stages();
  const results: Result[] = [];
  if (!options.keepGoing) {
    for (const subject of await fetchSubjects(names, at))
      results.push(await stage(all, subject, at));
    return results;
  }
  for (const name of names) {
    try {
      for (const subject of await fetchSubjects([name], at))
        results.push(await stage(all, subject, at));
    } catch (error) {
      if (!(error instanceof ModelHubError)) throw error;
      say(`${name}: failed\n${error.message}`);
      process.exitCode = Math.max(Number(process.exitCode ?? 0), error.exitCode);
    }
  }
  return results;
}

async function testOnGpu(
  names: string[],
  { device, image, ...options }: Common & OnDevice,
): Promise<void> {
  if (device !== "cuda")
    throw new ContributionError([{ file: "--device", expected: "cuda", got: String(device) }]);
  const { reportOnCpu, testGpu } = await import("#ci/commands/test-gpu.ts");
  const results = await eachSubject(names, options, async (_, subject) => {
    const tested = await testGpu(subject, image);
    const onCpu = await reportOnCpu(subject, tested.report);
    const than = onCpu ? `; on the CPU of its first test ${milliseconds(onCpu)}` : "";
    say(`${subject.id} ${subject.version}: ${passed(tested.report)}${than}`);
    return tested;
  });
  if (options.json) data(results);
}

/** What a test saw, in a line. */
function passed(report: Report): string {
  const { platform, gpu, emulated, samples } = report;
  const count = `${samples.length} of ${samples.length} samples pass`;
  const time = `${milliseconds(report)} a prediction`;
  return `${count} on ${gpu ?? platform}, ${time}${emulated ? " (emulated)" : ""}`;
}

function milliseconds({ predictSeconds }: Report): string {
  return `${(predictSeconds * 1000).toFixed(1)} ms`;
}

async function stages() {
  const { build } = await import("#ci/commands/build.ts");
  const { buildOn, testOn } = await import("#ci/commands/one-platform.ts");
  const { test } = await import("#ci/commands/test.ts");
  const { machinePlatform, partOf } = await import("#ci/platforms.ts");
  const { publish } = await import("#ci/commands/publish.ts");
  const { lock } = await import("#ci/commands/lock.ts");
  const { requireStage } = await import("#ci/stage-files.ts");
  // A folder that is no entry yet is built for the machine that it is tried on.
  const whole = (subject: FetchedSubject, platform?: string) =>
    subject.source ? subject : partOf(subject, platform ?? machinePlatform());
  /** The images of all platforms, or of one; of one that can't be built there are none. */
  const built = (subject: FetchedSubject, { staging }: Workspace, platform?: string) => {
    const options = { staging, say };
    if (subject.source && platform) return buildOn(platform, subject, options);
    return build(whole(subject, platform), options);
  };
  const tested = async (subject: FetchedSubject, { staging }: Workspace, platform?: string) => {
    const options = { staging, say };
    if (subject.source && platform) {
      await buildOn(platform, subject, options);
      return testOn(platform, subject);
    }
    const all = whole(subject, platform);
    return test(all, await build(all, options));
  };
  /** What the stages before wrote; publishing never builds or runs anything itself. */
  const before = (subject: FetchedSubject) => ({
    built: requireStage("build", subject),
    tested: requireStage("test", subject),
  });
  const published = async (subject: FetchedSubject) => {
    const { built, tested } = before(subject);
    return publish(subject, built, tested);
  };
  return { built, tested, published, lock, before };
}

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof ModelHubError) say(error.message);
  else {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    say("This is a fault of ModelHub: please report it with the lines above.");
  }
  process.exitCode = exitCodeOf(error);
}
