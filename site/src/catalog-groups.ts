import { catalog } from "./catalog.ts";
import { groupBy, slugOf } from "./groups.ts";
import { link } from "./links.ts";

/** The catalog's models by task and by author, put together once a build. */
export const tasks = groupBy(catalog.models, ({ task }) => (task ? [task] : []));
export const people = groupBy(catalog.models, ({ authors }) => authors);

const slugs = {
  tasks: new Set(tasks.map(({ slug }) => slug)),
  people: new Set(people.map(({ slug }) => slug)),
};

/** The page of a task or a person, if there is one: what only older versions name has none. */
export function groupLink(parent: keyof typeof slugs, name: string): string | undefined {
  const slug = slugOf(name);
  return slugs[parent].has(slug) ? link(`${parent}/${slug}/`) : undefined;
}
