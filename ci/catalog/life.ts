import type { CatalogVersion } from "#schema/catalog.ts";

/** Why a version is not offered any more, and what to take in its place. */
export interface End {
  /** Removed: its images are deleted. Yanked: they stay, for those who wrote their digest down. */
  kind: "yanked" | "removed";
  reason: string;
  since: string;
  /** The version to use instead. */
  successor: string | undefined;
}

type Version = Pick<CatalogVersion, "entry" | "version">;

/** How a version ended; nothing while it is offered. `newest` is the version that is. */
export function endOf({ entry, version }: Version, newest: string): End | undefined {
  const isOver = entry.removed?.[newest] ?? entry.yanked?.[newest];
  const other = newest === version || isOver ? undefined : newest;
  const removed = entry.removed?.[version];
  if (removed) return { kind: "removed", ...removed, successor: other };
  const yanked = entry.yanked?.[version];
  if (!yanked) return undefined;
  return { kind: "yanked", ...yanked, successor: yanked.successor ?? other };
}
