import { engineVersion } from "../images/engine.ts";
import { findEntries, type Subject } from "../subject.ts";
import type { Workspace } from "../workspace.ts";

export interface PlanItem {
  id: string;
  version: string;
  key: string;
  /** Why it has to be built. */
  why: string;
}

/** The versions whose lock does not stand for today's inputs. Asks no registry. */
export async function plan(names: readonly string[], at: Workspace): Promise<PlanItem[]> {
  const subjects = await findEntries(names, at);
  return subjects
    .filter(({ key, lock }) => lock?.key !== key)
    .map((subject) => ({
      id: subject.id,
      version: subject.version,
      key: subject.key,
      why: reason(subject),
    }));
}

function reason({ lock }: Subject): string {
  if (!lock) return "never built";
  if (lock.engineVersion !== engineVersion)
    return `engine ${lock.engineVersion} → ${engineVersion}`;
  return "its base image, engine or source changed";
}
