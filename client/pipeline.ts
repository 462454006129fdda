import { resolve } from "node:path";
import type { Command } from "commander";
import { workspace } from "#ci/workspace.ts";
import { eachSubject } from "./stages.ts";
import { passed, testOnGpu } from "./test.ts";
import { type Common, conclude, data, say, verb } from "./verb.ts";

interface OnePlatform extends Common {
  platform?: string;
}

interface OnDevice {
  device?: string;
  image?: string;
}

const keepGoing = ["--keep-going", "one name that fails holds up no other"] as const;
const onePlatform = "only one platform of registry.json's, such as linux/arm64";

/** The verbs of the way of one model, from its check to the catalog, and the one that takes all of it. */
export function addPipelineVerbs(program: Command): void {
  verb(
    program,
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

  verb(
    program,
    "plan [ids...]",
    "Say which versions have to be built, and why. Asks no registry.",
  ).action(async (ids: string[], options: Common) => {
    const { planned, withoutImage } = await import("#ci/commands/plan.ts");
    const { findEntries } = await import("#ci/subject.ts");
    const subjects = await findEntries(ids, workspace(options));
    const items = planned(subjects);
    if (options.json) return data({ items });
    for (const { id, version, why } of items) say(`${id} ${version}: ${why}`);
    if (items.length === 0) say("nothing to do");
    for (const line of withoutImage(subjects)) say(line);
  });

  verb(
    program,
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
    program,
    "restack [ids...]",
    "Put the new engine under published images that nothing else has changed for; fetches no source.",
  )
    .option("--canary", "only one version for each runtime, to be tested first")
    .action(async (ids: string[], options: Common & { canary?: boolean }) => {
      const at = workspace(options);
      const { restackAll } = await import("#ci/commands/restack.ts");
      const { canary = false } = options;
      const outcomes = await restackAll(ids, at, { say, canary });
      if (outcomes.length === 0) {
        const { findEntries } = await import("#ci/subject.ts");
        const isPublished = (await findEntries(ids, at)).some(({ lock }) => lock);
        say(
          isPublished
            ? "every image stands on the engine of today"
            : "nothing is published yet, so there is no image to restack\n  hint: `modelhub pipeline` builds and publishes what is registered",
        );
      }
      conclude(outcomes, options);
    });

  verb(
    program,
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
    program,
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

  verb(program, "lock [ids...]", "Write lock.json of published versions.")
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

  verb(program, "catalog", "Write the static API from the registry and its records.")
    .option("--out <folder>", "where to", ".modelhub/catalog")
    .option("--queue <file>", "open submissions, if a workflow has asked for them")
    .action(async (options: Common & { out: string; queue?: string }) => {
      const { catalog } = await import("#ci/commands/catalog.ts");
      const result = await catalog(workspace(options), resolve(options.out), options.queue);
      say(`${result.models.length} models in ${options.out}`);
      if (options.json) data(result);
    });

  verb(
    program,
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
      conclude(outcomes, options);
    });
}
