import { Command } from "commander";
import { exitCodeOf, ModelHubError } from "#ci/errors.ts";
import { orRefusal } from "#ci/system-errors.ts";
import { addGithubVerbs } from "./github.ts";
import { addLocalVerbs } from "./local.ts";
import { takeOwnTemporary } from "./own-temporary.ts";
import { addPipelineVerbs } from "./pipeline.ts";
import { addPublishedVerbs } from "./published.ts";
import { say } from "./verb.ts";

/** The `modelhub` program: one verb a stage. Data goes to stdout, words to stderr. */

const program = new Command("modelhub")
  .description(
    "A registry of runnable deep-learning models. Guides are in site/docs, and on the site.",
  )
  .showHelpAfterError("`modelhub --help` lists the verbs, `modelhub VERB --help` their options.")
  // A command line that can't be understood is not a contribution at fault.
  .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2));

// In the order of the help.
addPipelineVerbs(program);
addPublishedVerbs(program);
addLocalVerbs(program);
addGithubVerbs(program, say);

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  // Whoever read our output, such as `head`, has enough of it.
  process.exit(error.code === "EPIPE" ? 1 : tell(error));
});
try {
  takeOwnTemporary();
  await program.parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}

/** Says what ended the program, and returns its exit code. */
function tell(thrown: unknown): number {
  const error = orRefusal(thrown);
  if (error instanceof ModelHubError) say(error.message);
  else {
    say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    say("This is a fault of ModelHub: please report it with the lines above.");
  }
  return exitCodeOf(error);
}
