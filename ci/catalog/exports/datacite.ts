import { type Described, workUrl } from "./described.ts";

/** DataCite's metadata 4.6 as its REST API takes it, all but the DOI that it will give. */
export function datacite(model: Described): object {
  const { config, built, publication, registry, day } = model;
  return {
    data: {
      type: "dois",
      attributes: {
        titles: [{ title: config.title }],
        creators: config.authors.map(({ given, family, orcid, affiliation }) => ({
          name: `${family}, ${given}`,
          nameType: "Personal",
          givenName: given,
          familyName: family,
          ...(orcid && {
            nameIdentifiers: [
              {
                nameIdentifier: `https://orcid.org/${orcid}`,
                nameIdentifierScheme: "ORCID",
                schemeUri: "https://orcid.org",
              },
            ],
          }),
          ...(affiliation && {
            affiliation: [
              {
                name: affiliation.name,
                ...(affiliation.ror && {
                  affiliationIdentifier: affiliation.ror,
                  affiliationIdentifierScheme: "ROR",
                }),
              },
            ],
          }),
        })),
        publisher: { name: registry.name },
        ...(model.year && { publicationYear: String(model.year) }),
        types: { resourceTypeGeneral: "Model", resourceType: "Deep-learning model" },
        version: model.version,
        url: model.url,
        ...(day && { dates: [{ date: day, dateType: "Available" }] }),
        subjects: [config.task, ...(config.tags ?? [])].map((subject) => ({ subject })),
        rightsList: [
          rights("Code", config.licenses.code),
          rights("Weights", config.licenses.weights),
        ],
        descriptions: [{ description: config.summary, descriptionType: "Abstract" }],
        alternateIdentifiers: [
          { alternateIdentifier: built.image, alternateIdentifierType: "OCI image" },
        ],
        relatedIdentifiers: [
          {
            relatedIdentifier: model.source.repository,
            relatedIdentifierType: "URL",
            relationType: "IsDerivedFrom",
          },
          ...(publication && workUrl(publication)
            ? [
                {
                  relatedIdentifier: workUrl(publication),
                  relatedIdentifierType: "URL",
                  relationType: "IsDescribedBy",
                },
              ]
            : []),
        ],
        schemaVersion: "http://datacite.org/schema/kernel-4",
      },
    },
  };
}

const rights = (what: string, license: string) => ({
  rights: `${what}: ${license}`,
  rightsIdentifier: license,
  rightsIdentifierScheme: "SPDX",
});
