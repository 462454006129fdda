import type { DocumentName } from "#schema/documents.ts";
import type { Instance } from "#schema/instance.ts";

/** The static API as an OpenAPI 3.1 document; each body is one of the published JSON Schemas. */
export function openApi(registry: Instance): object {
  return {
    openapi: "3.1.0",
    info: {
      title: `${registry.name}: static API`,
      version: "1",
      description:
        "Files, written anew with every change of the registry. No key, no limit, GET only.",
    },
    servers: [{ url: `${registry.site}api/v1` }],
    paths: {
      "/models.json": json("listModels", "All models", "catalog"),
      "/models/{id}.json": json(
        "getModel",
        "The newest version of a model",
        "catalog-version",
        "id",
      ),
      "/models/{id}/{version}.json": json(
        "getVersion",
        "One version of a model",
        "catalog-version",
        "id",
        "version",
      ),
      "/search/index.json": json(
        "getSearchIndex",
        "Where the shards of the search are",
        "search-index",
      ),
      "/search/{shard}.json": json(
        "getSearchShard",
        "A shard of the search",
        "search-shard",
        "shard",
      ),
      "/benchmarks.json": json("listBenchmarks", "Claimed and measured figures", "benchmark-list"),
      "/collections.json": json("listCollections", "All collections", "collection-list"),
      "/queue.json": json("getQueue", "Open submissions, where they were asked for", "queue"),
      "/oembed/{id}.json": file(
        "getOembed",
        "A card as an oEmbed answer",
        "application/json",
        "id",
      ),
      "/cards/{id}.html": file("getCard", "A card for frames", "text/html", "id"),
      "/feed.xml": file(
        "getFeed",
        "What was registered, yanked and removed",
        "application/atom+xml",
      ),
      "/feeds/{id}.xml": file("getModelFeed", "News of one model", "application/atom+xml", "id"),
      "/badges/{id}.svg": file("getBadge", "A badge with version and state", "image/svg+xml", "id"),
      ...exportPaths(),
    },
  };
}

const exportPaths = () => {
  const formats: [name: string, operation: string, mediaType: string][] = [
    ["CITATION.cff", "getCitationFile", "application/yaml"],
    ["citation.ris", "getRis", "application/x-research-info-systems"],
    ["citation.csl.json", "getCsl", "application/vnd.citationstyles.csl+json"],
    ["datacite.json", "getDataCite", "application/json"],
    ["rdf.yaml", "getRdf", "application/yaml"],
    ["README.md", "getModelCard", "text/markdown"],
    ["model.jsonld", "getLinkedData", "application/ld+json"],
    ["croissant.json", "getCroissant", "application/ld+json"],
  ];
  return Object.fromEntries(
    formats.map(([name, operation, mediaType]) => [
      `/exports/{id}/{version}/${name}`,
      file(operation, `A built version as ${name}`, mediaType, "id", "version"),
    ]),
  );
};

const json = (operation: string, summary: string, schema: DocumentName, ...names: string[]) =>
  get(operation, summary, names, {
    "application/json": { schema: { $ref: `schema/${schema}.schema.json` } },
  });

const file = (operation: string, summary: string, mediaType: string, ...names: string[]) =>
  get(operation, summary, names, { [mediaType]: { schema: { type: "string" } } });

const get = (operationId: string, summary: string, names: string[], content: object) => ({
  get: {
    operationId,
    summary,
    parameters: names.map((name) => ({
      name,
      in: "path",
      required: true,
      schema: { type: "string" },
    })),
    responses: { 200: { description: summary, content }, 404: { description: "No such file" } },
  },
});
