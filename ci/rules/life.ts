import { quote } from "../problems.ts";
import type { EntryRule } from "./rule.ts";

/** Who is told to use another version finds one that can be used. */
export const yankHasSuccessor: EntryRule = ({ registry }) =>
  registry.entries.flatMap(({ id, version, model, files }) => {
    const successor = model.yanked?.[version]?.successor;
    if (successor === undefined) return [];
    const usable = (registry.ids.get(id) ?? []).filter(
      (other) => !model.yanked?.[other] && !model.removed?.[other],
    );
    if (usable.includes(successor)) return [];
    return [
      {
        file: files.model,
        key: `yanked[${quote(version)}].successor`,
        expected: `a version that is neither yanked nor removed: ${usable.join(", ") || "there is none"}`,
        got: quote(successor),
      },
    ];
  });

/** A removed version keeps its source as a tombstone, so that nobody takes its number, and has no lock. */
export const removedVersionsAreGone: EntryRule = ({ registry }) => {
  const locked = registry.entries
    .filter(({ model, version, lock }) => lock && model.removed?.[version])
    .map(({ id, version, files }) => ({
      file: files.lock,
      expected: "no lock beside a removed version",
      got: "one",
      hint: `\`modelhub remove ${id}@${version}\` deletes what it names, and the lock`,
    }));
  const models = new Map(registry.entries.map((entry) => [entry.id, entry]));
  const unknown = [...models.values()].flatMap(({ id, model, files }) =>
    Object.keys(model.removed ?? {})
      .filter((version) => !registry.ids.get(id)?.includes(version))
      .map((version) => ({
        file: files.model,
        key: `removed[${quote(version)}]`,
        expected: `one of ${registry.ids.get(id)?.join(", ")}`,
        got: version,
        hint: "source.json of a removed version stays, as its tombstone",
      })),
  );
  return [...locked, ...unknown];
};
