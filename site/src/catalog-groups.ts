import { catalog } from "./catalog.ts";
import { groupBy } from "./groups.ts";

/** The catalog's models by task and by author, put together once a build. */
export const tasks = groupBy(catalog.models, ({ task }) => (task ? [task] : []));
export const people = groupBy(catalog.models, ({ authors }) => authors);
