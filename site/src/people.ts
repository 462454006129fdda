import type { z } from "zod";
import type { Person as PersonSchema } from "#schema/primitives.ts";
import type { VersionPage } from "./catalog.ts";
import { slugOf } from "./groups.ts";

export type Person = z.infer<typeof PersonSchema>;

/** What the newest versions say of each author beside the name, by the name's slug. */
export function peopleOf(pages: readonly VersionPage[]): Map<string, Person> {
  const named = pages.flatMap(({ model }) => model.built?.record.config.authors ?? []);
  const groups = Map.groupBy(named, ({ given, family }) => slugOf(`${given} ${family}`));
  return new Map([...groups].flatMap(([slug, group]) => onePerson(slug, group)));
}

/** One config knows the ORCID, another the affiliation. Two ORCIDs are two people, and nothing is said of either. */
function onePerson(slug: string, group: readonly Person[]): [string, Person][] {
  const orcids = new Set(group.flatMap(({ orcid }) => orcid ?? []));
  const [first] = group;
  if (!first || orcids.size > 1) return [];
  return [[slug, Object.assign({}, ...group.toReversed()) as Person]];
}
