import type { Described } from "./described.ts";
import { isOneLicense } from "./described.ts";

/** The samples as a data set, in Croissant 1.0 (docs.mlcommons.org/croissant). */
export function croissant(model: Described): object {
  const { config, built, registry, version, url } = model;
  const license = config.licenses.sampleData;
  const files = built.samples.flatMap((sample) =>
    sample.inputs.flatMap((input) => {
      const sha256 = hashOf(model, input.file);
      // Croissant takes no file without its hash.
      return sha256 ? [{ ...input, sample, sha256, at: `${sample.id}/${input.id}` }] : [];
    }),
  );
  return {
    "@context": context,
    "@type": "sc:Dataset",
    conformsTo: "http://mlcommons.org/croissant/1.0",
    name: `${model.id}-samples`,
    description: `Samples of ${config.title}: what goes in, with the title of each. ${config.summary}`,
    url: `${url}#samples`,
    version,
    license: isOneLicense(license) ? `https://spdx.org/licenses/${license}.html` : license,
    creator: { "@type": "sc:Organization", name: registry.name, url: registry.site },
    ...(model.day && { datePublished: model.day }),
    citeAs: `${config.title}, version ${version}: samples. ${registry.name}. ${url}`,
    distribution: files.map(({ at, file, mediaType, bytes, sample, sha256 }) => ({
      "@type": "cr:FileObject",
      "@id": at,
      name: at,
      description: sample.credit ? `${sample.title}. ${sample.credit}` : sample.title,
      contentUrl: `${registry.site}api/v1/${encodeURI(file)}`,
      encodingFormat: mediaType,
      contentSize: `${bytes} B`,
      sha256,
    })),
    recordSet: [
      {
        "@type": "cr:RecordSet",
        "@id": "samples",
        name: "samples",
        description: "One record for each sample.",
        field: ["id", "title"].map((key) => ({
          "@type": "cr:Field",
          "@id": `samples/${key}`,
          name: `samples/${key}`,
          dataType: "sc:Text",
        })),
        data: built.samples.map(({ id, title }) => ({ "samples/id": id, "samples/title": title })),
      },
    ],
  };
}

/** The hash that the record has of the contributor's file; a copy lies below the version's folder. */
function hashOf({ id, version, built }: Described, file: string): string | undefined {
  const path = file.replace(`models/${id}/${version}/`, "");
  return built.record.files.find((one) => one.path === path)?.sha256;
}

// The context that Croissant 1.0 asks every document to carry.
const context = {
  "@language": "en",
  "@vocab": "https://schema.org/",
  citeAs: "cr:citeAs",
  column: "cr:column",
  conformsTo: "dct:conformsTo",
  cr: "http://mlcommons.org/croissant/",
  rai: "http://mlcommons.org/croissant/RAI/",
  data: { "@id": "cr:data", "@type": "@json" },
  dataType: { "@id": "cr:dataType", "@type": "@vocab" },
  dct: "http://purl.org/dc/terms/",
  equivalentProperty: "cr:equivalentProperty",
  examples: { "@id": "cr:examples", "@type": "@json" },
  extract: "cr:extract",
  field: "cr:field",
  fileProperty: "cr:fileProperty",
  fileObject: "cr:fileObject",
  fileSet: "cr:fileSet",
  format: "cr:format",
  includes: "cr:includes",
  isLiveDataset: "cr:isLiveDataset",
  jsonPath: "cr:jsonPath",
  key: "cr:key",
  md5: "cr:md5",
  parentField: "cr:parentField",
  path: "cr:path",
  recordSet: "cr:recordSet",
  references: "cr:references",
  regex: "cr:regex",
  repeated: "cr:repeated",
  replace: "cr:replace",
  samplingRate: "cr:samplingRate",
  sc: "https://schema.org/",
  separator: "cr:separator",
  source: "cr:source",
  subField: "cr:subField",
  transform: "cr:transform",
};
