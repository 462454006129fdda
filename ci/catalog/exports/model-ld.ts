import { type Described, isOneLicense, workUrl } from "./described.ts";

/** The model as linked data: schema.org's words, and FAIR4ML's where schema.org has none. */
export function modelLd({
  config,
  built,
  publication,
  url,
  source,
  version,
  day,
}: Described): object {
  const license = config.licenses.weights;
  return {
    "@context": { "@vocab": "https://schema.org/", fair4ml: "https://w3id.org/fair4ml#" },
    "@type": ["SoftwareSourceCode", "fair4ml:MLModel"],
    "@id": url,
    name: config.title,
    description: config.summary,
    version,
    url,
    identifier: built.image,
    codeRepository: source.repository,
    ...(day && { datePublished: day }),
    license: isOneLicense(license) ? `https://spdx.org/licenses/${license}.html` : license,
    author: config.authors.map(({ given, family, orcid }) => ({
      "@type": "Person",
      ...(orcid && { "@id": `https://orcid.org/${orcid}` }),
      givenName: given,
      familyName: family,
    })),
    ...(publication && {
      citation: {
        "@type": "ScholarlyArticle",
        name: publication.title,
        ...(workUrl(publication) && { url: workUrl(publication) }),
      },
    }),
    keywords: [config.task, ...(config.tags ?? [])],
    "fair4ml:mlTask": config.task,
    "fair4ml:modelCategory": config.model.architecture,
    "fair4ml:trainedOn": config.provenance?.trainedOn?.map(({ name, url }) => ({
      "@type": "Dataset",
      name,
      ...(url && { url }),
    })),
    "fair4ml:intendedUse": config.use?.intended,
    "fair4ml:usageLimitations": config.use?.limitations,
    isAccessibleForFree: true,
    distribution: built.record.weights.map(({ file, sha256, bytes }) => ({
      "@type": "DataDownload",
      name: file,
      contentSize: `${bytes} B`,
      sha256,
    })),
  };
}
