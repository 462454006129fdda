import type { Described } from "./described.ts";

/** CSL's JSON, as Zotero, Pandoc and other programs take it. */
export function csl({ id, version, config, built, url, day, year, registry }: Described): object[] {
  const issued = day ? day.split("-").map(Number) : year ? [year] : undefined;
  return [
    {
      id: `${id}-${version}`,
      type: "software",
      title: config.title,
      author: config.authors.map(({ given, family }) => ({ family, given })),
      version,
      ...(issued && { issued: { "date-parts": [issued] } }),
      publisher: registry.name,
      URL: url,
      abstract: config.summary,
      note: `Container image ${built.image}`,
    },
  ];
}
