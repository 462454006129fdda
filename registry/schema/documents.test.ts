import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { operationsPage } from "#ci/commands/operations-page.ts";
import { schemaText } from "#ci/commands/schema.ts";
import {
  type DocumentName,
  documents,
  jsonSchema,
  type SchemaNode,
  withoutExtensions,
} from "./documents.ts";

const names = Object.keys(documents) as DocumentName[];
const folder = import.meta.dirname;

describe.each(names)("%s.schema.json", (name) => {
  test("is what the zod schema says; `modelhub schema` writes it", () => {
    expect(readFileSync(join(folder, `${name}.schema.json`), "utf8")).toBe(schemaText(name));
  });

  test("describes every key", () => {
    expect(undescribed(jsonSchema(name), name)).toEqual([]);
  });

  test("refuses unknown keys at every level, save those that begin with x-", () => {
    expect(openObjects(jsonSchema(name), name)).toEqual([]);
  });
});

test("operations.md is what the zod schema says; `modelhub schema` writes it", () => {
  expect(readFileSync(join(folder, "operations.md"), "utf8")).toBe(operationsPage());
});

describe("zod and JSON Schema give one verdict", () => {
  const ajv = new Ajv2020({ strict: true, strictRequired: false });
  for (const name of readdirSync(join(folder, "fixtures")).sort() as DocumentName[]) {
    const validate = ajv.compile(jsonSchema(name));
    for (const verdict of ["valid", "invalid"]) {
      const files = readdirSync(join(folder, "fixtures", name, verdict)).sort();
      test.each(files)(`${name}: ${verdict}: %s`, (file) => {
        const text = readFileSync(join(folder, "fixtures", name, verdict, file), "utf8");
        const value: unknown = JSON.parse(text);
        expect({
          zod: documents[name].safeParse(withoutExtensions(value)).success,
          ajv: validate(value),
        }).toEqual({ zod: verdict === "valid", ajv: verdict === "valid" });
      });
    }
  }

  test("for a document with any one of its keys taken away or made null", () => {
    for (const name of readdirSync(join(folder, "fixtures")) as DocumentName[]) {
      const validate = ajv.compile(jsonSchema(name));
      for (const file of readdirSync(join(folder, "fixtures", name, "valid"))) {
        const path = join(folder, "fixtures", name, "valid", file);
        for (const [key, variant] of variants(JSON.parse(readFileSync(path, "utf8")))) {
          const zod = documents[name].safeParse(withoutExtensions(variant)).success;
          expect(zod, `${relative(folder, path)}: ${key}`).toBe(validate(variant));
        }
      }
    }
  });
});

/** Paths of keys without a description. */
function undescribed(node: SchemaNode, path: string): string[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, inner]) =>
    inner.description ? [] : [`${path}.${key}`],
  );
  return [...own, ...children(node, path).flatMap(([inner, below]) => undescribed(inner, below))];
}

/** Paths of objects that take any key. */
function openObjects(node: SchemaNode, path: string): string[] {
  const isOpen =
    node.type === "object" &&
    (node.additionalProperties === undefined ||
      node.additionalProperties === true ||
      !Object.hasOwn(node.patternProperties ?? {}, "^x-"));
  const below = children(node, path).flatMap(([inner, at]) => openObjects(inner, at));
  return isOpen ? [path, ...below] : below;
}

function children(node: SchemaNode, path: string): [SchemaNode, string][] {
  const { properties = {}, additionalProperties, items, anyOf = [], oneOf = [] } = node;
  const found = Object.entries(properties).map(([key, inner]): [SchemaNode, string] => [
    inner,
    `${path}.${key}`,
  ]);
  if (typeof additionalProperties === "object") found.push([additionalProperties, `${path}.*`]);
  if (items) found.push([items, `${path}[]`]);
  for (const branch of [...anyOf, ...oneOf]) found.push([branch, `${path}|`]);
  return found;
}

/** The value with one key removed, made null, or joined by an unknown one, for each key at any depth. */
function* variants(value: unknown, path = ""): Generator<[string, unknown]> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) {
    yield [`${path}.surprise`, { ...value, surprise: 1 }];
    yield [`${path}.x-surprise`, { ...value, "x-surprise": { any: 1 } }];
  }
  for (const [key, inner] of Object.entries(value)) {
    const at = `${path}.${key}`;
    const copy = (changed: unknown) =>
      Array.isArray(value)
        ? value.map((item, index) => (`${index}` === key ? changed : item))
        : { ...value, [key]: changed };
    yield [`${at} is null`, copy(null)];
    yield [`${at} is a list`, copy([])];
    yield [`${at} is a text`, copy("")];
    yield [`${at} is a number`, copy(-0.5)];
    if (!Array.isArray(value)) {
      const { [key]: _, ...rest } = value as Record<string, unknown>;
      yield [`${at} is missing`, rest];
    }
    for (const [place, changed] of variants(inner, at)) yield [place, copy(changed)];
  }
}
