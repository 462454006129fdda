import { join, resolve } from "node:path";
import { Command } from "commander";
import { exitCodeOf, ModelHubError } from "#ci/errors.ts";
import { formatProblems } from "#ci/problems.ts";
import { shownPath } from "#ci/registry.ts";
import { type Workspace, workspace } from "#ci/workspace.ts";
import { addGithubVerbs } from "./github.ts";

/** The `modelhub` program: one verb a stage. Data goes to stdout, words to stderr. */

const program = new Command("modelhub")
  .description("A registry of runnable deep-learning models.")
  .showHelpAfterError("`modelhub --help` lists the verbs, `modelhub VERB --help` their options.")
  // A command line that can't be understood is not a contribution at fault.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

interface Common {
  registry?: string;
  work?: string;
  json?: boolean;
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
    const { plan } = await import("#ci/commands/plan.ts");
    const items = await plan(ids, workspace(options));
    if (options.json) return data({ items });
    for (const { id, version, why } of items) say(`${id} ${version}: ${why}`);
    if (items.length === 0) say("nothing to do");
  },
);

verb(
  "build [names...]",
  "Build the images of entries or contributors' folders into the staging registry.",
).action(async (names: string[], options: Common) => {
  const results = await eachSubject(names, options, async ({ build }, subject, at) => {
    const built = await build(subject, { staging: at.staging, say });
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
    const outcomes = await restackAll(ids, at, { staging: at.staging, say, canary });
    if (outcomes.length === 0) say("every image stands on the engine of today");
    const codes = outcomes.filter(({ error }) => error).map(({ error }) => exitCodeOf(error));
    process.exitCode = Math.max(0, ...codes);
    if (options.json)
      data(outcomes.map(({ error, ...rest }) => ({ ...rest, failed: Boolean(error) })));
  });

verb(
  "test [names...]",
  "Run the samples of built images in the sandbox and compare with what is expected.",
).action(async (names: string[], options: Common) => {
  const results = await eachSubject(names, options, async ({ build, test }, subject, at) => {
    const tested = await test(subject, await build(subject, { staging: at.staging, say }));
    for (const { platform, samples, predictSeconds } of tested.reports) {
      const time = `${(predictSeconds * 1000).toFixed(1)} ms a prediction`;
      say(
        `${subject.id} ${subject.version}: ${samples.length} of ${samples.length} samples pass on ${platform}, ${time}`,
      );
    }
    return tested;
  });
  if (options.json) data(results);
});

verb(
  "publish [ids...]",
  "Push tested images, source, weights and records to the registry's namespace.",
).action(async (ids: string[], options: Common) => {
  const results = await eachSubject(ids, options, async ({ published }, subject) => {
    const result = await published(subject);
    say(`${subject.id} ${subject.version}: ${result.image}@${result.digest}`);
    return result;
  });
  if (options.json) data(results);
});

verb("lock [ids...]", "Write lock.json of published versions.").action(
  async (ids: string[], options: Common) => {
    const results = await eachSubject(ids, options, async (stages, subject, at) => {
      const { built } = stages.before(subject);
      return stages.lock(subject, built, await stages.published(subject), at);
    });
    if (options.json) data(results);
  },
);

verb("catalog", "Write the static API from the registry and its records.")
  .option("--out <folder>", "where to", ".modelhub/catalog")
  .action(async (options: Common & { out: string }) => {
    const { catalog } = await import("#ci/commands/catalog.ts");
    const result = await catalog(workspace(options), resolve(options.out));
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
  .action(async (ids: string[], options: Common & { quick?: boolean; rebuild?: boolean }) => {
    const { verify } = await import("#ci/commands/verify.ts");
    const { rebuild } = await import("#ci/attest/rebuild.ts");
    const { findEntries } = await import("#ci/subject.ts");
    const { builtHere } = await import("./list.ts");
    const registry = options.registry ?? builtHere();
    const at = workspace({ ...options, ...(registry && { registry }) });
    const results = [];
    for (const subject of await findEntries(ids, at)) {
      const { id, version } = subject;
      const file = shownPath(join(at.registry, "models", id, version, "lock.json"));
      const problems = await verify(subject, file, options);
      if (options.rebuild) problems.push(...(await rebuild(`${id}@${version}`, file, at, say)));
      if (problems.length === 0) say(`${id} ${version}: everything is as locked`);
      results.push({ id, version, problems });
    }
    const problems = results.flatMap((result) => result.problems);
    if (options.json) data(results);
    else if (problems.length > 0) say(formatProblems(problems));
    process.exitCode = problems.length > 0 ? 1 : 0;
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

program
  .command("schema")
  .description("Write the JSON Schemas from their zod sources.")
  .option("--check", "only say whether they are up to date")
  .action(async (options: { check?: boolean }) => {
    const { schema } = await import("#ci/commands/schema.ts");
    process.exitCode = await schema(options);
  });

addGithubVerbs(program, say);

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
  for (const subject of await fetchSubjects(names, at)) results.push(await stage(all, subject, at));
  return results;
}

async function stages() {
  const { build } = await import("#ci/commands/build.ts");
  const { test } = await import("#ci/commands/test.ts");
  const { publish } = await import("#ci/commands/publish.ts");
  const { lock } = await import("#ci/commands/lock.ts");
  const { requireStage } = await import("#ci/stage-files.ts");
  /** What the stages before wrote; publishing never builds or runs anything itself. */
  const before = (subject: FetchedSubject) => ({
    built: requireStage("build", subject),
    tested: requireStage("test", subject),
  });
  const published = async (subject: FetchedSubject) => {
    const { built, tested } = before(subject);
    return publish(subject, built, tested);
  };
  return { build, test, published, lock, before };
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
