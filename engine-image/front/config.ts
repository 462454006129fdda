import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Config } from "#schema/config.ts";
import { type Environment, positive, UsageError } from "./environment.ts";
import type { Original } from "./original.ts";

/** Where things lie: fixed in an image, told by the environment elsewhere. */
export interface Paths {
  engine: string;
  model: string;
  weights: string;
  identity: string;
  python: string;
}

/** Which model this is, to the byte; written when the image is built. */
export interface Identity {
  id: string;
  version: string | null;
  repository: string | null;
  revision: string | null;
  configSha256: string | null;
  weights: Record<string, string>;
}

/** The model that this server answers for. */
export interface ModelInfo {
  folder: string;
  /** Holds a folder for each of the weights in an image; need not be there elsewhere. */
  weightsFolder: string;
  config: Config;
  /** modelhub.json, or the config of an old contribution, byte for byte. */
  configText: string;
  /** Set for an old contribution: its config. */
  original?: Original;
  identity: Identity;
  engineVersion: string;
  /** Whether the worker runs with one seed and one thread, as `--deterministic` asks. */
  deterministic: boolean;
}

/** Where the server listens, and which origins a browser may call it from. */
export interface Address {
  port: number;
  /** Absent: every interface, as a container needs it. */
  host: string | undefined;
  corsOrigins: string[];
}

/** The paths that the environment names; else those of an image. */
export function readPaths(env: Environment): Paths {
  return {
    engine: env.MODELHUB_ENGINE ?? ownFolder(),
    model: env.MODELHUB_MODEL ?? "/opt/modelhub/model",
    weights: env.MODELHUB_WEIGHTS ?? "/opt/modelhub/weights",
    identity: env.MODELHUB_IDENTITY ?? "/opt/modelhub/identity.json",
    python: env.MODELHUB_PYTHON ?? "python3",
  };
}

/** The address that the environment names. Throws UsageError for a port that is no number. */
export function readAddress(env: Environment): Address {
  return {
    port: env.MODELHUB_PORT === "0" ? 0 : positive(env, "MODELHUB_PORT", 8080),
    host: env.MODELHUB_HOST,
    corsOrigins: (env.MODELHUB_CORS ?? "")
      .split(",")
      .map((origin) => origin.trim())
      .filter(Boolean),
  };
}

// By default glibc gives the memory of each image back to the system and fetches it anew, page by
// page: half of the time that a JPEG takes. Arrays beyond 16 MiB are given back as before.
const keepHeap = {
  MALLOC_TRIM_THRESHOLD_: String(32 * 2 ** 20),
  MALLOC_MMAP_THRESHOLD_: String(16 * 2 ** 20),
};

// By default each thread of OpenBLAS, which numpy brings, waits for work by spinning: 2^26 ticks, 20 to
// 60 ms, after its start and after each product of matrices. The other processes need that time.
const restSoon = { OPENBLAS_THREAD_TIMEOUT: "20" };

/** The environment of the Python side: ours, with the engine's package found first. */
export function pythonEnvironment(env: NodeJS.ProcessEnv & Environment, paths: Paths) {
  const engine = join(paths.engine, "python");
  const others = (env.PYTHONPATH ?? "").split(delimiter).filter((path) => path && path !== engine);
  return {
    ...keepHeap,
    ...restSoon,
    ...env,
    MODELHUB_ENGINE: paths.engine,
    MODELHUB_MODEL: paths.model,
    MODELHUB_WEIGHTS: paths.weights,
    MODELHUB_IDENTITY: paths.identity,
    PYTHONPATH: [engine, ...others].join(delimiter),
  };
}

/** Read the model's folder and what the image says of itself. */
export function readModel(paths: Paths, env: Environment = {}): ModelInfo {
  const legacy = legacyFolder(paths.model);
  const folder = legacy ?? paths.model;
  const file = join(folder, legacy ? legacyFile : "modelhub.json");
  const configText = readText(file);
  if (configText === undefined)
    throw new UsageError(
      `${file}: no such file\n  hint: MODELHUB_MODEL names the folder that holds modelhub.json`,
    );
  const config = parseJson(file, legacy ? derivedConfig(paths) : configText) as Config;
  for (const key of ["inputs", "outputs", "samples", "weights"] as const)
    if (!Array.isArray(config?.[key]))
      throw new UsageError(
        `${file}\n  ${key}: expected a list, got ${typeof config?.[key]}\n  hint: \`modelhub check\` in the model's folder tells everything that is amiss`,
      );
  return {
    folder,
    weightsFolder: paths.weights,
    config,
    configText,
    ...(legacy && { original: parseJson(file, configText) as Original }),
    identity: readIdentity(paths.identity, config),
    engineVersion: readEngineVersion(paths.engine),
    deterministic: !["", "0"].includes(env.MODELHUB_DETERMINISTIC ?? ""),
  };
}

const legacyFile = "model/config.json";

/** The contrib_src of an old ModelHub.AI repository; nothing where there is a modelhub.json. */
function legacyFolder(model: string): string | undefined {
  if (existsSync(join(model, "modelhub.json"))) return undefined;
  const folders = [model, join(model, "contrib_src")];
  return folders.find((folder) => existsSync(join(folder, legacyFile)));
}

/** What the Python side makes of an old config: there alone it is known what that amounts to. */
function derivedConfig(paths: Paths): string {
  const done = spawnSync(paths.python, ["-m", "modelhub", "config"], {
    env: pythonEnvironment(process.env, paths),
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
  });
  if (done.status === 0) return done.stdout;
  throw new UsageError((done.error?.message ?? done.stderr).replace(/^modelhub: /, "").trim());
}

function readIdentity(file: string, config: Config): Identity {
  // Outside an image nobody wrote an identity: the folder then speaks for itself, without a version.
  const own: Identity = {
    id: config.id,
    version: null,
    repository: null,
    revision: null,
    configSha256: null,
    weights: Object.fromEntries(config.weights.map((weights) => [weights.id, weights.sha256])),
  };
  const text = readText(file);
  return text === undefined ? own : { ...own, ...(parseJson(file, text) as Partial<Identity>) };
}

function readEngineVersion(engine: string): string {
  const file = join(engine, "engine.json");
  const text = readText(file);
  if (text === undefined) return "0.0.0-dev";
  return (parseJson(file, text) as { version: string }).version;
}

/** The file's text, or nothing if there is no such file. */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file}: expected JSON; ${(error as Error).message}`);
  }
}

/** The engine's folder: beside front.mjs in an image, above front/ in the repository. */
function ownFolder(): string {
  const folder = dirname(fileURLToPath(import.meta.url));
  return basename(folder) === "front" ? dirname(folder) : folder;
}
