import type { Built } from "#schema/catalog.ts";

// More names than this say less than their number.
const mostNamed = 4;

type State = Pick<Built, "lock" | "record">;

/** What differs between two built versions of a model, in clauses; empty where nothing does. */
export function changesBetween(older: State, newer: State): string[] {
  const weights = changed(older.lock.weights, newer.lock.weights);
  const files = changed(hashes(older), hashes(newer));
  const isOtherRuntime = older.lock.stack.runtime !== newer.lock.stack.runtime;
  return [
    ...(weights.length > 0 ? ["other weights"] : []),
    ...(isOtherRuntime ? ["another runtime"] : []),
    ...(files.length > 0 ? [named(files)] : []),
  ];
}

function hashes({ record }: State): Record<string, string> {
  return Object.fromEntries(record.files.map(({ path, sha256 }) => [path, sha256]));
}

/** Keys that were added, removed or have another value. */
function changed(older: Record<string, string>, newer: Record<string, string>): string[] {
  const keys = new Set([...Object.keys(older), ...Object.keys(newer)]);
  return [...keys].filter((key) => older[key] !== newer[key]).sort();
}

function named(files: readonly string[]): string {
  if (files.length > mostNamed) return `${files.length} files changed`;
  return `${files.join(", ")} changed`;
}
