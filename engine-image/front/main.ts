import { pythonEnvironment, readPaths } from "./config.ts";
import { UsageError } from "./environment.ts";
import { serve } from "./serve.ts";

const help = `A model of the ModelHub registry, with everything that it needs.

  docker run --rm -p 8080:8080 IMAGE                          serve it: page, REST API
  docker run --rm -i IMAGE predict - < photo.jpg              predict one file
  docker run --rm -v "$PWD:/in:ro" -v "$PWD/out:/out" --user "$(id -u)" IMAGE \\
    batch /in --out /out                                      predict a folder
  docker run --rm IMAGE samples                               run the model's samples

Commands
  serve                     answer HTTP requests (default)
  predict FILE …            predict files; - reads from stdin; \`predict --help\` tells more
  batch IN … --out DIR      predict folders, patterns, series; goes on with --resume
  samples                   run the samples and compare with what is expected
  info, licenses, config    say what this model is, and on which terms
  notebook                  open the model's folder in Jupyter, where the image has it
  get [--wait SECONDS] [--accept TYPE] PATH
                            ask the server in the same container, such as get /health/ready
  bash, sh, python3 …       run that in the image
  exec COMMAND …            run any command in the image

Environment
  MODELHUB_PORT             port to listen on (8080)
  MODELHUB_HOST             address to listen on (every interface)
  MODELHUB_TIMEOUT          seconds for one prediction (the model's own limit, or 120)
  MODELHUB_QUEUE            predictions that may wait (64)
  MODELHUB_MAX_BODY         bytes of the largest request (268435456)
  MODELHUB_CORS             origins that a browser may call from: a list with commas, or *
  MODELHUB_WORKERS          worker processes (1); gpus: one for each GPU
  MODELHUB_JOB_TIMEOUT      seconds for one job (3600)
  MODELHUB_JOBS             jobs that are kept (1000)
  MODELHUB_JOB_KEEP         seconds that a finished job is kept (900)
  MODELHUB_URL_INPUT        fetch inputs from addresses: off, public or allowlist (off)
  MODELHUB_URL_HOSTS        hosts of the allowlist: a list with commas, HOST or HOST:PORT
  MODELHUB_DETERMINISTIC    1: seed random numbers before each prediction, use one thread
`;

/** Commands that the Python side answers; `predict --help` there tells all of them. */
const python = ["predict", "batch", "samples", "info", "licenses", "notebook", "config"];
const shells = ["bash", "sh", "python", "python3"];
const verbs = ["serve", ...python, "get", "exec", ...shells];

/** Do what the command line asks for. Resolves to the exit code; `serve` stays. */
async function main([verb = "serve", ...args]: string[]): Promise<number | undefined> {
  switch (verb) {
    case "serve":
      await serve(process.env);
      return undefined;
    case "get": {
      const { get } = await import("./get.ts");
      return get(args, process.env);
    }
    case "exec": {
      const [command, ...rest] = args;
      if (command) return run(command, rest);
      throw new UsageError("exec: expected a command, such as `exec ls -l`");
    }
    case "help":
    case "--help":
    case "-h":
      process.stdout.write(help);
      return 0;
    default:
      if (python.includes(verb))
        return run(readPaths(process.env).python, ["-m", "modelhub", verb, ...args]);
      if (shells.includes(verb)) return run(verb, args);
      throw new UsageError(
        `"${verb}" is no command of this image; it has ${verbs.join(", ")}.\n  hint: --help says what each does`,
      );
  }
}

async function run(command: string, args: string[]): Promise<number> {
  const { execute } = await import("./execute.ts");
  return execute(command, args, pythonEnvironment(process.env, readPaths(process.env)));
}

try {
  const code = await main(process.argv.slice(2));
  if (code !== undefined) process.exitCode = code;
} catch (error) {
  // The user's mistake is told in a sentence; anything else with all that is known of it.
  if (error instanceof UsageError) console.error(`modelhub: ${error.message}`);
  else console.error(error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
