import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { CollectionList } from "#schema/collection.ts";
import { Id } from "#schema/primitives.ts";
import { nearest } from "./nearest.ts";
import { type Problem, quote } from "./problems.ts";
import { type Registry, readDocument } from "./registry.ts";

/** Reads `collections/<id>.json` of a registry. What is wrong with them comes back as problems. */
export function readCollections({ folder, ids }: Registry): {
  collections: CollectionList["collections"];
  problems: Problem[];
} {
  const problems: Problem[] = [];
  const place = join(folder, "collections");
  const names = existsSync(place) ? readdirSync(place).sort() : [];
  const collections = names.flatMap((name) => {
    const file = join(place, name);
    const id = name.replace(/\.json$/, "");
    if (id === name || !Id.safeParse(id).success) {
      const expected =
        "a file <id>.json, with an id of 3 to 64 lower-case letters, digits and hyphens";
      problems.push({ file, expected, got: quote(name) });
      return [];
    }
    const collection = readDocument("collection", file, problems);
    if (!collection) return [];
    problems.push(...strangers(collection.models, [...ids.keys()], file));
    const { $schema: _, ...rest } = collection;
    return [{ id, ...rest }];
  });
  return {
    collections: collections.sort((a, b) => a.title.localeCompare(b.title, "en")),
    problems,
  };
}

function strangers(models: readonly string[], ids: readonly string[], file: string): Problem[] {
  return models.flatMap((model, index) => {
    const key = `models[${index}]`;
    if (models.indexOf(model) < index)
      return [{ file, key, expected: "each id once", got: quote(model) }];
    if (ids.includes(model)) return [];
    const meant = nearest(model, ids);
    const hint = meant && `did you mean ${quote(meant)}?`;
    return [{ file, key, expected: "the id of a registered model", got: quote(model), hint }];
  });
}
