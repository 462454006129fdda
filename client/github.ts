import { resolve } from "node:path";
import type { Command } from "commander";
import { type Workspace, workspace } from "#ci/workspace.ts";

interface TryOptions {
  base: string;
  out: string;
  registry?: string;
  work?: string;
}

/** The verbs of workflows, left out of the help: `try` runs without a token, the others with one. */
export function addGithubVerbs(program: Command, say: (line: string) => void): void {
  const verb = (usage: string) => program.command(usage, { hidden: true });

  verb("try")
    .description("Check, build and test what a change adds to the registry, and write a report.")
    .requiredOption("--base <ref>", "git commit that the change starts from")
    .option("--out <file>", "where the report goes", ".modelhub/trial.json")
    .option("--registry <folder>", "folder with registry.json")
    .option("--work <folder>", "folder for the stages' files")
    .action(async (options: TryOptions) => {
      const { tryChanges } = await import("#ci/github/trial.ts");
      const { writeJson } = await import("#ci/files.ts");
      const trial = await tryChanges(options.base, workspace(options), say);
      writeJson(resolve(options.out), trial);
      say(`report in ${options.out}`);
      process.exitCode = trial.exitCode;
    });

  verb("matrix")
    .description("Print what `plan` finds as lines for GITHUB_OUTPUT, one job for each version.")
    .option("--changed", "leave out what a release of the engine takes care of")
    .action(async ({ changed = false }: { changed?: boolean }) => {
      const { plan } = await import("#ci/commands/plan.ts");
      const { matrixOutputs } = await import("#ci/github/matrix.ts");
      const { platformsWithoutBase } = await import("#ci/images/published.ts");
      const at = workspace({});
      const items = (await plan([], at)).filter(({ isStackOnly }) => !(changed && isStackOnly));
      for (const { id, version, why } of items) say(`${id} ${version}: ${why}`);
      const instance = await instanceAt(at);
      const without = items.length > 0 ? await platformsWithoutBase(instance) : [];
      for (const platform of without) say(`the base image for ${platform} is not published`);
      process.stdout.write(matrixOutputs(items, instance.platforms, without));
    });

  verb("base <platform>")
    .description("Make the base image of a platform, from our own recipe, and publish it.")
    .action(async (platform: string) => {
      const { publishBase } = await import("#ci/images/published.ts");
      const { Platform } = await import("#schema/primitives.ts");
      const at = workspace({});
      const options = { staging: at.staging, say };
      const digest = await publishBase(await instanceAt(at), Platform.parse(platform), options);
      say(`base for ${platform}: ${digest}`);
    });

  verb("packs <restacked>")
    .description("Print what `restack --json` put on the engine as a line for GITHUB_OUTPUT.")
    .action(async (file: string) => {
      const { packsOutput } = await import("#ci/github/packs.ts");
      const { readJson } = await import("#ci/files.ts");
      process.stdout.write(packsOutput(readJson(resolve(file))));
    });

  verb("take-tests <folder> <names...>")
    .description("Take the reports of other jobs over, as data, for these versions alone.")
    .action(async (folder: string, names: string[]) => {
      const { findEntries } = await import("#ci/subject.ts");
      const { takeTests } = await import("#ci/github/packs.ts");
      takeTests(resolve(folder), await findEntries(names, workspace({})), say);
    });

  verb("pack <name>")
    .description("Write the built images beside the stages' files, as an OCI layout.")
    .requiredOption("--platform <platform>", "whose images")
    .action(async (name: string, { platform }: { platform: string }) => {
      const { pack } = await import("#ci/github/pack.ts");
      await pack(await versionNamed(name), platform);
      say(`${name}: packed for ${platform}`);
    });

  verb("unpack <name>")
    .description("Push packed images to the staging registry, each held against its digest.")
    .requiredOption("--platform <platform>", "whose images")
    .requiredOption("--from <folder>", "what the job that packed handed on")
    .action(async (name: string, { platform, from }: { platform: string; from: string }) => {
      const { unpack } = await import("#ci/github/pack.ts");
      const { staging } = workspace({});
      await unpack(await versionNamed(name), platform, { from: resolve(from), staging });
      say(`${name}: unpacked for ${platform}`);
    });

  verb("take-built <name>")
    .description("Take over what other jobs built and tested, and make all but the runtime anew.")
    .requiredOption("--built <folder>", "what the jobs that built handed on")
    .requiredOption("--tested <folder>", "what the jobs that tested handed on")
    .action(async (name: string, { built, tested }: { built: string; tested: string }) => {
      const { takeBuilt } = await import("#ci/github/take-built.ts");
      const handed = { built: resolve(built), tested: resolve(tested) };
      const { staging } = workspace({});
      await takeBuilt(await versionNamed(name), handed, { staging, say });
      say(`${name}: taken over`);
    });

  verb("push-locks <folder>")
    .description("Commit the locks in a folder, and nothing else, and push the branch.")
    .action(async (folder: string) => {
      const { pushLocks } = await import("#ci/github/locks.ts");
      await pushLocks(resolve(folder), workspace({}).registry, say);
    });

  verb("push-scans <folder>")
    .description("Commit the scans in a folder, and nothing else, and push the branch.")
    .action(async (folder: string) => {
      const { pushScans } = await import("#ci/github/locks.ts");
      await pushScans(resolve(folder), workspace({}).registry, say);
    });

  verb("push-tests <folder>")
    .description("Join the tests in a folder to those that are kept, and push the branch.")
    .action(async (folder: string) => {
      const { pushTests } = await import("#ci/github/locks.ts");
      await pushTests(resolve(folder), workspace({}).registry, say);
    });

  verb("report <trial>")
    .description("Write the report of `try` as one comment on its pull request.")
    .action(async (file: string) => {
      const { reportTrial } = await import("#ci/github/report.ts");
      await reportTrial(resolve(file), say);
    });

  verb("publish-release <name> <file>")
    .description("Make GitHub's release of a tag, with the archive that `release` wrote.")
    .action(async (name: string, file: string) => {
      const { publishRelease } = await import("#ci/github/release.ts");
      await publishRelease(name, resolve(file), say);
    });

  verb("queue <file>")
    .description("Write the open pull requests that add versions, with what each waits for.")
    .action(async (file: string) => {
      const { writeQueue } = await import("#ci/github/queue.ts");
      await writeQueue(resolve(file), say);
    });

  verb("alarm <verified...>")
    .description(
      "Keep one issue about what `verify`, `upstream` and `scan` found, each with `--json`.",
    )
    .action(async (files: string[]) => {
      const { alarm } = await import("#ci/github/alarm.ts");
      await alarm(
        files.map((file) => resolve(file)),
        workspace({}).registry,
        say,
      );
    });
}

/** The one version of a name such as id@version. */
async function versionNamed(name: string) {
  const { fetchSubjects } = await import("#ci/subject.ts");
  const [subject, ...more] = await fetchSubjects([name], workspace({}));
  if (!subject || more.length > 0) throw new Error(`expected id@version, got ${name}`);
  return subject;
}

/** What registry.json says. */
async function instanceAt({ registry }: Workspace) {
  const { readRegistry } = await import("#ci/registry.ts");
  const { instance } = readRegistry(registry);
  if (!instance) throw new Error(`expected registry.json in ${registry}`);
  return instance;
}
