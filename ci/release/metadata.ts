import type { Instance } from "#schema/instance.ts";
import type { Release } from "#schema/release.ts";

/** What catalogues of research ask of a release; every word follows from registry.json and the release. */

const keywords = ["deep learning", "model registry", "containers", "reproducibility"];
const license = "Apache-2.0";

const authorOf = ({ name }: Instance) => `The ${name} developers`;

/** CITATION.cff 1.2.0. */
export function citation(instance: Instance, { name, date }: Release): object {
  return {
    "cff-version": "1.2.0",
    message: "If you use this registry, please cite it as below, and each model as its page says.",
    title: instance.name,
    abstract: instance.summary,
    type: "software",
    version: name,
    "date-released": date,
    license,
    url: instance.site,
    "repository-code": instance.repository,
    ...(instance.doi && { doi: instance.doi }),
    authors: [{ name: authorOf(instance) }],
    keywords,
  };
}

/** .zenodo.json, which Zenodo reads when GitHub tells it of a release. */
export function zenodo(instance: Instance, { name, date, versions }: Release): object {
  return {
    title: `${instance.name} ${name}`,
    description: `${instance.summary} This release freezes ${versions.length} versions of models by the digests of their images, weights and test records.`,
    upload_type: "software",
    version: name,
    publication_date: date,
    access_right: "open",
    license,
    creators: [{ name: authorOf(instance) }],
    keywords,
    related_identifiers: [
      { identifier: instance.site, relation: "isDocumentedBy", scheme: "url" },
      { identifier: instance.repository, relation: "isSupplementTo", scheme: "url" },
    ],
  };
}

/** DataCite's metadata of the release as a collection; each version's own is in the static API. */
export function collection(instance: Instance, { name, date, versions }: Release): object {
  return {
    titles: [{ title: `${instance.name} ${name}` }],
    creators: [{ name: authorOf(instance), nameType: "Organizational" }],
    publisher: { name: instance.name },
    publicationYear: date.slice(0, 4),
    types: { resourceTypeGeneral: "Collection", resourceType: "Registry of deep-learning models" },
    version: name,
    url: instance.site,
    dates: [{ date, dateType: "Available" }],
    subjects: keywords.map((subject) => ({ subject })),
    rightsList: [{ rights: license, rightsIdentifier: license, rightsIdentifierScheme: "SPDX" }],
    descriptions: [{ description: instance.summary, descriptionType: "Abstract" }],
    relatedIdentifiers: [
      ...(instance.doi ? [related(instance.doi, "DOI", "IsVersionOf")] : []),
      ...versions.map(({ id, version }) =>
        related(`${instance.site}models/${id}/${version}/`, "URL", "HasPart"),
      ),
    ],
    schemaVersion: "http://datacite.org/schema/kernel-4",
  };
}

function related(relatedIdentifier: string, relatedIdentifierType: string, relationType: string) {
  return { relatedIdentifier, relatedIdentifierType, relationType };
}
