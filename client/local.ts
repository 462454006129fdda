import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { workspace } from "#ci/workspace.ts";
import { type Common, count, data, say, verb } from "./verb.ts";

/** The verbs for one's own machine: the site, a model without containers, and what is generated. */
export function addLocalVerbs(program: Command): void {
  verb(program, "site", "Build the static site from a catalog.")
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
    .option("--port <number>", "first port to try", count, 4321)
    .action(async (folder: string | undefined, { port }: { port: number }) => {
      const { serve } = await import("./serve.ts");
      const address = await serve(resolve(folder ?? ".modelhub/site"), port);
      say(`catalog on ${address}  (Ctrl-C ends it)`);
    });

  program
    .command("inspect <file>")
    .description("Say of a weights file what modelhub.json asks for: hash, size, tensors.")
    .option("--json", "print it as JSON")
    .action(async (file: string, { json }: { json?: boolean }) => {
      const { describeInspected, inspect } = await import("./inspect.ts");
      const inspected = await inspect(file);
      if (json) data(inspected);
      else process.stdout.write(`${describeInspected(inspected)}\n`);
    });

  program
    .command("predict <folder> <files...>")
    .description(
      "Run a contributor's folder on files, in a plain Python process without containers.",
    )
    .option("--json", "print the prediction as JSON")
    .action(async (folder: string, files: string[], options: { json?: boolean }) => {
      const { predict } = await import("./predict.ts");
      const args = ["predict", ...files, ...(options.json ? ["--json"] : [])];
      process.exitCode = await predict(folder, args, say);
    });

  program
    .command("samples <folder>")
    .description("Run a contributor's samples in a plain Python process, and compare.")
    .option("--write", "take what the model gives for what is expected, and write it")
    .option("--json", "print the results as JSON")
    .action(async (folder: string, { write, json }: { write?: boolean; json?: boolean }) => {
      const { predict } = await import("./predict.ts");
      const args = ["samples", ...(write ? ["--write"] : []), ...(json ? ["--json"] : [])];
      process.exitCode = await predict(folder, args, say);
    });

  program
    .command("adopt <folder>")
    .description("Write modelhub.json and runtime/ for a repository of the first ModelHub.AI.")
    .action(async (folder: string) => {
      const { adopt } = await import("./adopt.ts");
      const written = await adopt(folder, say);
      for (const path of written) say(`written: ${path}`);
      const source = dirname(written[0] ?? folder);
      say(
        `licenses and packages are yours to name; \`npx modelhub check ${source}\` says what is missing`,
      );
    });

  verb(
    program,
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
        for (const metric of metrics)
          say(`${name}: ${metric.name} ${describeFigure(metric, items)}`);
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
}
