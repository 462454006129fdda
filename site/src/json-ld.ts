import type { z } from "zod";
import { workUrl } from "#ci/catalog/exports/described.ts";
import type { CatalogVersion } from "#schema/catalog.ts";
import type { Instance } from "#schema/instance.ts";
import type { Person } from "#schema/primitives.ts";
import { sourceLink } from "./links.ts";
import { spdxParts } from "./spdx.ts";

/** JSON for a script element: `<` can't end it early. */
export function jsonLd(data: object): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}

/** The catalog as a whole; each model's page speaks for itself. */
export function catalogLd(registry: Instance): object {
  return {
    "@context": "https://schema.org",
    "@type": "DataCatalog",
    name: registry.name,
    description: registry.summary,
    url: registry.site,
    distribution: {
      "@type": "DataDownload",
      encodingFormat: "application/json",
      contentUrl: `${registry.site}api/v1/models.json`,
    },
  };
}

export function modelLd(model: CatalogVersion, registry: Instance): object {
  const { id, version, entry, source, built } = model;
  const config = built?.record.config;
  return {
    "@context": {
      "@vocab": "https://schema.org/",
      fair4ml: "https://w3id.org/fair4ml#",
    },
    "@type": ["SoftwareSourceCode", "fair4ml:MLModel"],
    name: config?.title ?? entry.title,
    description: config?.summary,
    version,
    url: `${registry.site}models/${id}/${version}/`,
    identifier: built?.image,
    codeRepository: sourceLink(source.repository, source.revision, source.path),
    license: config && spdxParts(config.licenses.weights).flatMap(({ href }) => href ?? []),
    author: config?.authors.map(personLd),
    citation: config?.publications?.map((work) => ({
      "@type": "ScholarlyArticle",
      name: work.title,
      sameAs: workUrl(work),
    })),
    keywords: config?.tags,
    isAccessibleForFree: true,
    softwareRequirements: built && "A container engine such as Docker",
  };
}

function personLd({ given, family, orcid, affiliation }: z.infer<typeof Person>): object {
  return {
    "@type": "Person",
    ...(orcid && { "@id": `https://orcid.org/${orcid}` }),
    givenName: given,
    familyName: family,
    ...(affiliation && {
      affiliation: { "@type": "Organization", name: affiliation.name, sameAs: affiliation.ror },
    }),
  };
}
