import { workBehind } from "#ci/catalog/work-behind.ts";
import type { CatalogVersion } from "#schema/catalog.ts";
import type { Publication } from "#schema/config.ts";
import type { Instance } from "#schema/instance.ts";

/** What a citation says of a version: who, when, where, and which bytes. */
export interface Citation {
  key: string;
  title: string;
  version: string;
  authors: { given: string; family: string }[];
  year: number | undefined;
  publisher: string;
  url: string;
  digest: string | undefined;
  revision: string;
  publication: Publication | undefined;
}

export function citation(model: CatalogVersion, registry: Instance): Citation {
  const config = model.built?.record.config;
  const publication = workBehind(config?.publications);
  return {
    key: `${model.id}-${model.version}`,
    title: config?.title ?? model.entry.title,
    version: model.version,
    authors: (config?.authors ?? []).map(({ given, family }) => ({ given, family })),
    // Of this version, as the exported forms have it; without a date, of the work behind it.
    year: model.published ? new Date(model.published).getUTCFullYear() : publication?.year,
    publisher: registry.name,
    url: `${registry.site}models/${model.id}/${model.version}/`,
    digest: model.built?.lock.image.digest,
    revision: model.source.revision,
    publication,
  };
}

/** Two entries: the model as it runs, and the work that describes it. */
export function bibtex(cite: Citation): string {
  const model = entry("software", cite.key, {
    title: `{${tex(cite.title)}}`,
    author: cite.authors
      .map(({ given, family }) => `{${tex(family)}}, ${tex(given)}`)
      .join(" and "),
    version: cite.version,
    year: cite.year?.toString(),
    publisher: tex(cite.publisher),
    url: cite.url,
    note: [
      cite.digest ? `Container image ${cite.digest}` : undefined,
      `source commit ${cite.revision}`,
    ]
      .filter((part) => part !== undefined)
      .join(", "),
  });
  return cite.publication ? `${model}\n\n${publicationBibtex(cite.publication, cite.key)}` : model;
}

function publicationBibtex(work: Publication, key: string): string {
  const journal = work.venue && !/arxiv/i.test(work.venue) ? tex(work.venue) : undefined;
  return entry(journal ? "article" : "misc", `${key}-publication`, {
    title: `{${tex(work.title)}}`,
    author: work.authors === undefined ? undefined : authorList(work.authors),
    year: work.year?.toString(),
    journal,
    doi: work.doi && verbatim(work.doi),
    eprint: work.arxiv,
    archiveprefix: work.arxiv ? "arXiv" : undefined,
    url: work.url && verbatim(work.url),
  });
}

/** Authors come as the work prints them; BibTeX wants `and` between them. In doubt they stay one. */
function authorList(authors: string): string {
  const separator = authors.includes(";") ? /\s*;\s*/ : /\s*,\s+(?:and\s+|&\s*)?|\s+(?:and|&)\s+/;
  const names = authors.split(separator).filter((name) => name !== "");
  const isList = names.every((name) => /\S\s+\S/.test(name));
  return isList ? names.map(tex).join(" and ") : `{${tex(authors)}}`;
}

function entry(type: string, key: string, fields: Record<string, string | undefined>): string {
  const lines = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `  ${name} = {${value}},`);
  return [`@${type}{${key},`, ...lines, "}"].join("\n");
}

const texCommands: Record<string, string> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
};

function tex(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\\~^&%$#_{}]/g, (character) => texCommands[character] ?? `\\${character}`);
}

/** Addresses are read as they are, but a brace would end the field. */
function verbatim(address: string): string {
  return address.replace(/[{}\\]/g, encodeURIComponent);
}

/** The same in a sentence, for a reference list. */
export function citationText(cite: Citation): string {
  const authors = cite.authors.map(
    ({ given, family }) => `${family}, ${given.replace(/(\p{L})[\p{L}.']*\s*/gu, "$1. ").trim()}`,
  );
  const who = authors.length > 0 ? `${joinNames(authors)} ` : "";
  const when = cite.year === undefined ? "" : `(${cite.year}). `;
  const image = cite.digest ? ` Container image ${cite.digest}.` : "";
  return `${who}${when}${cite.title}, version ${cite.version} [Computer software]. ${cite.publisher}. ${cite.url}.${image}`;
}

function joinNames(names: string[]): string {
  return names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} & ${names.at(-1) ?? ""}`;
}

/** Tags that reference managers read. `citation_doi` is left out: a paper's DOI would cite the paper. */
export function citationTags(cite: Citation): { name: string; content: string }[] {
  return [
    { name: "citation_title", content: `${cite.title}, version ${cite.version}` },
    ...cite.authors.map(({ given, family }) => ({
      name: "citation_author",
      content: `${family}, ${given}`,
    })),
    ...(cite.year === undefined
      ? []
      : [{ name: "citation_publication_date", content: String(cite.year) }]),
    { name: "citation_publisher", content: cite.publisher },
    { name: "citation_public_url", content: cite.url },
    { name: "DC.type", content: "Software" },
  ];
}
