import type { Publication } from "#schema/config.ts";

/** The works that a model comes from: not those that are about something it only uses, such as its data. */
export function worksBehind(publications: readonly Publication[] = []): Publication[] {
  return publications.filter(({ relation }) => relation !== "uses");
}

/** The work to cite with a model: the one that describes it before the one that trained it. */
export function workBehind(publications?: readonly Publication[]): Publication | undefined {
  const works = worksBehind(publications);
  return works.find(({ relation }) => relation !== "trainedBy") ?? works[0];
}
