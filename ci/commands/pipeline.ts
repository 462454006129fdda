import { ModelHubError } from "../errors.ts";
import { fetchSubjects } from "../subject.ts";
import type { Workspace } from "../workspace.ts";
import { build } from "./build.ts";
import { lock } from "./lock.ts";
import { type PlanItem, plan } from "./plan.ts";
import { publish } from "./publish.ts";
import { test } from "./test.ts";

export interface Outcome {
  id: string;
  version: string;
  /** The image by digest, when all went well. */
  image?: string;
  error?: unknown;
}

/**
 * Takes every planned version through build, test, publish and lock. One that fails holds up no
 * other. Run again, it goes on where it stopped.
 */
export async function pipeline(
  names: readonly string[],
  at: Workspace,
  say: (line: string) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const item of await plan(names, at)) {
    const { id, version } = item;
    say(`${id} ${version}: ${item.why}`);
    try {
      outcomes.push({ id, version, image: await takeThrough(item, at, say) });
    } catch (error) {
      if (!(error instanceof ModelHubError)) throw error;
      say(`${id} ${version}: failed\n${error.message}`);
      outcomes.push({ id, version, error });
    }
  }
  return outcomes;
}

async function takeThrough(
  item: PlanItem,
  at: Workspace,
  say: (line: string) => void,
): Promise<string> {
  const started = performance.now();
  const step = (line: string) => {
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    say(`  ${seconds.padStart(6)} s  ${line}`);
  };
  const [subject] = await fetchSubjects([`${item.id}@${item.version}`], at);
  if (!subject) throw new Error(`${item.id} vanished from the registry`);
  const built = await build(subject, { staging: at.staging, say: step });
  const tested = await test(subject, built, step);
  step(`publishing to ${subject.instance.images}`);
  const published = await publish(subject, built, tested);
  await lock(subject, built, published, at);
  step(`locked ${published.digest}`);
  return `${published.image}@${published.digest}`;
}
