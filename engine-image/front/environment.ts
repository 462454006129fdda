/** The variables that the front reads. Outside an image they point into the sources. */
export interface Environment {
  MODELHUB_ENGINE?: string;
  MODELHUB_MODEL?: string;
  MODELHUB_WEIGHTS?: string;
  MODELHUB_IDENTITY?: string;
  MODELHUB_PYTHON?: string;
  MODELHUB_PORT?: string;
  MODELHUB_HOST?: string;
  MODELHUB_CORS?: string;
  MODELHUB_TIMEOUT?: string;
  MODELHUB_QUEUE?: string;
  MODELHUB_MAX_BODY?: string;
  MODELHUB_MAX_PARTS?: string;
  MODELHUB_JOBS?: string;
  MODELHUB_JOB_KEEP?: string;
  MODELHUB_JOB_TIMEOUT?: string;
  MODELHUB_WORKERS?: string;
  MODELHUB_DETERMINISTIC?: string;
  MODELHUB_URL_INPUT?: string;
  MODELHUB_URL_HOSTS?: string;
  CUDA_VISIBLE_DEVICES?: string;
  PYTHONPATH?: string;
}

/** A mistake in how the image is started: told in a sentence, without a stack. */
export class UsageError extends Error {}

/** A number greater than 0 from the environment. */
export function positive(env: Environment, name: keyof Environment, fallback: number): number {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new UsageError(`${name}: expected a number greater than 0, got "${text}"`);
}

/** A whole number greater than 0 from the environment. */
export function positiveInteger(
  env: Environment,
  name: keyof Environment,
  fallback: number,
): number {
  const value = positive(env, name, fallback);
  if (Number.isInteger(value)) return value;
  throw new UsageError(`${name}: expected a whole number greater than 0, got "${env[name]}"`);
}
