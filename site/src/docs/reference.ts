import type { DocumentName } from "#schema/documents.ts";

/** A page of the reference that shows a document's keys. */
export interface DocumentPage {
  name: DocumentName;
  title: string;
  summary: string;
}

export const documentPages: readonly DocumentPage[] = [
  { name: "config", title: "modelhub.json", summary: "What an author says of a model." },
  { name: "model", title: "model.json", summary: "The slow part of an entry." },
  { name: "source", title: "source.json", summary: "The frozen part of an entry." },
  { name: "registry", title: "registry.json", summary: "What makes a registry one's own." },
  { name: "benchmark", title: "benchmark.json", summary: "Labelled data and its figures." },
  { name: "collection", title: "Collections", summary: "Models that belong together." },
  { name: "lock", title: "lock.json", summary: "What was built, by digest." },
  { name: "record", title: "The record", summary: "What was measured." },
];

/** Pages of the reference that are made of something else. */
export const otherPages = [
  { slug: "commands", title: "Commands", summary: "The modelhub program, verb by verb." },
  { slug: "api", title: "The static API", summary: "Everything a page shows, as files." },
  { slug: "operations", title: "Operations", summary: "Named steps around a network." },
] as const;
