import { z } from "zod";
import { Benchmark, BenchmarkList, Measurement } from "./benchmark.ts";
import { Catalog, CatalogVersion, SearchIndex, SearchShard } from "./catalog.ts";
import { Collection, CollectionList } from "./collection.ts";
import { Config } from "./config.ts";
import { Model, Source } from "./entry.ts";
import { Instance } from "./instance.ts";
import { Lock } from "./lock.ts";
import { Queue } from "./queue.ts";
import { Record } from "./record.ts";
import { Release } from "./release.ts";
import { Scan } from "./scan.ts";
import { Tests } from "./tests.ts";

/** Every document by name; `<name>.schema.json` beside this file is made from it. */
export const documents = {
  config: Config,
  model: Model,
  source: Source,
  lock: Lock,
  record: Record,
  scan: Scan,
  tests: Tests,
  registry: Instance,
  release: Release,
  catalog: Catalog,
  "catalog-version": CatalogVersion,
  "search-index": SearchIndex,
  "search-shard": SearchShard,
  benchmark: Benchmark,
  measurement: Measurement,
  "benchmark-list": BenchmarkList,
  collection: Collection,
  "collection-list": CollectionList,
  queue: Queue,
} as const;

export type DocumentName = keyof typeof documents;

/** JSON Schema, as far as zod writes it of our documents. */
export interface SchemaNode {
  type?: string;
  description?: string;
  const?: unknown;
  enum?: unknown[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minItems?: number;
  maxItems?: number;
  items?: SchemaNode;
  properties?: { [key: string]: SchemaNode };
  patternProperties?: { [pattern: string]: SchemaNode };
  additionalProperties?: SchemaNode | boolean;
  propertyNames?: SchemaNode;
  required?: string[];
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
}

/** The JSON Schema of a document. Keys that begin with `x-` are anybody's own and always allowed. */
export function jsonSchema(name: DocumentName): SchemaNode {
  const schema = z.toJSONSchema(documents[name], {
    target: "draft-2020-12",
    override({ jsonSchema }) {
      const { additionalProperties, propertyNames, patternProperties } = jsonSchema;
      // An optional record comes by twice: as itself, and as what the key may hold.
      if (patternProperties || (additionalProperties !== false && !propertyNames)) return;
      jsonSchema.patternProperties = { "^x-": {} };
      if (typeof propertyNames === "object")
        jsonSchema.propertyNames = { anyOf: [{ type: "string", pattern: "^x-" }, propertyNames] };
    },
  });
  return { ...schema, title: name } as SchemaNode;
}

/** The document without its `x-` keys, at any depth: what zod's strict objects then accept or refuse. */
export function withoutExtensions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtensions);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !key.startsWith("x-"))
      .map(([key, inner]) => [key, withoutExtensions(inner)]),
  );
}
