import { existsSync, rmSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { execa } from "execa";
import { requireConfig } from "#ci/contribution.ts";
import { ContributionError, RetryError } from "#ci/errors.ts";
import { keyOf, makeFolder, sha256File, writeFile } from "#ci/files.ts";
import { homeFolder, root } from "#ci/home.ts";
import { isOffline } from "#ci/offline.ts";
import { ProcessError, run } from "#ci/process.ts";
import { shownPath } from "#ci/registry.ts";
import { fetchWeights, weightsFileName } from "#ci/weights.ts";
import type { Config } from "#schema/config.ts";

/**
 * Runs a contributor's folder in a plain Python process, without containers: its packages in a
 * virtual environment of their own, its weights fetched and checked. Returns the exit code.
 */
export async function predict(
  folder: string,
  args: readonly string[],
  say: (line: string) => void,
  stdout: "inherit" | "ignore" = "inherit",
): Promise<number> {
  const { config } = requireConfig(folder);
  const python = await environment(resolve(folder, config.runtime ?? "runtime"), say);
  const weights = await weightsFolder(config, resolve(folder), say);
  const { exitCode, signal } = await execa(python, ["-m", "modelhub", ...args], {
    stdio: ["inherit", stdout, "inherit"],
    reject: false,
    env: { ...engineOn(folder), MODELHUB_WEIGHTS: weights },
  });
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
  if (!ownExitCodes.has(exitCode)) say(`the process of the model ${how}`);
  return exitCode ?? 1;
}

// Of the engine's command line: done, at fault, not understood, interrupted. It tells why.
const ownExitCodes = new Set<number | undefined>([0, 1, 2, 130]);

/** The environment of a Python that runs this checkout's engine on a contributor's folder. */
export function engineOn(folder: string): Record<string, string> {
  return {
    PYTHONPATH: join(root, "engine-image", "python"),
    PYTHONDONTWRITEBYTECODE: "1",
    MODELHUB_MODEL: resolve(folder),
    MODELHUB_ENGINE: join(root, "engine-image"),
  };
}

/** A Python with the packages of the runtime folder's requirements.txt; made once for equal files. */
export async function environment(runtime: string, say: (line: string) => void): Promise<string> {
  const requirements = join(runtime, "requirements.txt");
  const key = existsSync(requirements) ? await sha256File(requirements) : "none";
  const folder = join(homeFolder("environments"), key);
  const done = join(folder, "done");
  if (!existsSync(done)) {
    say("installing the model's Python packages into an environment of their own");
    await run("python3", ["-m", "venv", "--clear", folder]);
    if (key !== "none") await install(requirements, folder);
    writeFile(done, "");
  }
  return join(folder, "bin", "python");
}

async function install(requirements: string, folder: string): Promise<void> {
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
  try {
    await run(join(folder, "bin", "python"), [...pip, "--requirement", requirements]);
  } catch (error) {
    rmSync(folder, { recursive: true });
    if (!(error instanceof ProcessError)) throw error;
    if (isOffline(error.output))
      throw new RetryError(`no network: pip had no answer for ${shownPath(requirements)}`);
    throw new ContributionError({
      file: shownPath(requirements),
      expected: "packages that pip can install for this machine's Python",
      got: error.output.trim().split("\n").slice(-5).join("\n"),
      hint: "the image has a Python of its own: `npx modelhub build` says whether they suit that one",
    });
  }
}

/** A folder laid out as in the image: <id>/<file>. */
async function weightsFolder(
  config: Config,
  folder: string,
  say: (line: string) => void,
): Promise<string> {
  const key = keyOf(config.weights.map(({ id, sha256 }) => [id, sha256]));
  return makeFolder(join(homeFolder("weights"), key), async (aside) => {
    for (const weights of config.weights) {
      const { path } = await fetchWeights(weights, { folder, say });
      const file = join(aside, weights.id, weightsFileName(weights));
      await mkdir(dirname(file), { recursive: true });
      await copyFile(path, file);
    }
  });
}
