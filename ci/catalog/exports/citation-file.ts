import { type Described, isOneLicense, workUrl } from "./described.ts";

/** CITATION.cff 1.2.0: the software as it ran, and the work that describes it. */
export function citationFile(model: Described): object {
  const { config, built, publication, day, url, source } = model;
  const license = config.licenses.code;
  return {
    "cff-version": "1.2.0",
    message: "If you use this model, please cite it and the publication behind it.",
    type: "software",
    title: config.title,
    abstract: config.summary,
    version: model.version,
    ...(day && { "date-released": day }),
    url,
    "repository-code": source.repository,
    commit: source.revision,
    "repository-artifact": `https://${built.image}`,
    ...(isOneLicense(license) && { license }),
    ...(config.tags?.length && { keywords: config.tags }),
    authors: distinct(config.authors.map(person)),
    ...(publication && {
      references: [
        {
          type: publication.venue ? "article" : "generic",
          title: publication.title,
          // The authors come as the work prints them, so they stay one name.
          authors: [{ name: publication.authors ?? "unknown" }],
          ...(publication.year && { year: publication.year }),
          ...(publication.venue && { journal: publication.venue }),
          ...(publication.doi && isDoi(publication.doi) && { doi: publication.doi }),
          ...(workUrl(publication) && { url: workUrl(publication) }),
        },
      ],
    }),
  };
}

function person({ given, family, orcid, affiliation }: Described["config"]["authors"][number]) {
  return {
    "family-names": family,
    "given-names": given,
    ...(orcid && { orcid: `https://orcid.org/${orcid}` }),
    ...(affiliation && { affiliation: affiliation.name }),
  };
}

// The format refuses a list that has an item twice.
const distinct = <T>(items: T[]): T[] => [
  ...new Map(items.map((item) => [JSON.stringify(item), item])).values(),
];

// The format knows DOIs of these characters only.
const isDoi = (doi: string): boolean =>
  /^10\.\d{4,9}(\.\d+)?\/[A-Za-z0-9:/_;\-.()[\]\\]+$/.test(doi);
