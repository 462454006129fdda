import { rmSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { workspace } from "#ci/workspace.ts";

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
    .description("Print what `plan` finds as a line for GITHUB_OUTPUT, one job for each version.")
    .action(async () => {
      const { plan } = await import("#ci/commands/plan.ts");
      const items = await plan([], workspace({}));
      // GitHub starts no more jobs of one matrix; the next run takes the rest.
      const include = items.slice(0, 256).map(({ id, version }) => ({ id, version }));
      for (const { id, version, why } of items) say(`${id} ${version}: ${why}`);
      process.stdout.write(`matrix=${include.length > 0 ? JSON.stringify({ include }) : ""}\n`);
    });

  verb("pack <name>")
    .description("Write the built images beside the stages' files, as an OCI layout.")
    .action(async (name: string) => {
      const { built, layout } = await stacked(name);
      const { saveLayout } = await import("#ci/github/layout.ts");
      await saveLayout(built.images, layout);
      say(`${name}: packed`);
    });

  verb("unpack <name>")
    .description("Push packed images to the staging registry, each held against its digest.")
    .action(async (name: string) => {
      const { built, layout, work } = await stacked(name);
      // Publishing is ours to say, not of the job that built.
      rmSync(join(work, "publish.json"), { force: true });
      const { loadLayout } = await import("#ci/github/layout.ts");
      await loadLayout(built.images, layout);
      say(`${name}: unpacked`);
    });

  verb("push-locks <folder>")
    .description("Commit the locks in a folder, and nothing else, and push the branch.")
    .action(async (folder: string) => {
      const { pushLocks } = await import("#ci/github/locks.ts");
      await pushLocks(resolve(folder), workspace({}).registry, say);
    });

  verb("report <trial>")
    .description("Write the report of `try` as one comment on its pull request.")
    .action(async (file: string) => {
      const { reportTrial } = await import("#ci/github/report.ts");
      await reportTrial(resolve(file), say);
    });

  verb("alarm <verified>")
    .description("Keep one issue about what `verify --json` found.")
    .action(async (file: string) => {
      const { alarm } = await import("#ci/github/alarm.ts");
      await alarm(resolve(file), say);
    });
}

/** What `build` wrote of a version, and the folder of its packed images. */
async function stacked(name: string) {
  const { findEntries } = await import("#ci/subject.ts");
  const { requireStage } = await import("#ci/stage-files.ts");
  const [subject, ...more] = await findEntries([name], workspace({}));
  if (!subject || more.length > 0) throw new Error(`expected id@version, got ${name}`);
  const { work } = subject;
  return { built: requireStage("build", subject), layout: join(work, "images"), work };
}
