import { engineVersion } from "../images/engine.ts";
import { findEntries, type Subject } from "../subject.ts";
import type { Workspace } from "../workspace.ts";

export interface PlanItem {
  id: string;
  version: string;
  key: string;
  /** Why it has to be built. */
  why: string;
  /** Whether it is published, and only the engine or the base changed since. */
  isStackOnly: boolean;
}

/** The versions whose lock does not stand for today's inputs. Asks no registry. */
export async function plan(names: readonly string[], at: Workspace): Promise<PlanItem[]> {
  return planned(await findEntries(names, at));
}

/** Those of the versions that have to be built. */
export function planned(subjects: readonly Subject[]): PlanItem[] {
  return subjects
    .filter(({ key, lock }) => lock?.key !== key)
    .map((subject) => ({
      id: subject.id,
      version: subject.version,
      key: subject.key,
      why: reason(subject),
      isStackOnly: subject.lock?.contentKey === subject.contentKey,
    }));
}

/** A line for each platform that a built version has no image for. */
export function withoutImage(subjects: readonly Subject[]): string[] {
  return subjects.flatMap(({ id, version, lock }) =>
    Object.entries(lock?.image.unbuilt ?? {}).map(
      ([platform, why]) => `${id} ${version}: no image for ${platform}: ${why}`,
    ),
  );
}

function reason({ lock }: Subject): string {
  if (!lock) return "never built";
  if (lock.engineVersion !== engineVersion)
    return `engine ${lock.engineVersion} → ${engineVersion}`;
  return "its base image, engine or source changed";
}
