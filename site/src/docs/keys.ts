import { type DocumentName, jsonSchema, type SchemaNode } from "#schema/documents.ts";

/** A key of a document, as a table shows it. */
export interface Key {
  /** From the top: `inputs[].axes[].name`. */
  path: string;
  type: string;
  isRequired: boolean;
  description: string;
}

/** What a document is, in the words of its schema. */
export function describeDocument(name: DocumentName): string {
  return jsonSchema(name).description ?? name;
}

/** Every key of a document, each below the one that holds it. What other pages tell stays out. */
export function keysOf(name: DocumentName): Key[] {
  return uniqueKeys(below(jsonSchema(name), ""));
}

// Operations have a page, and what lies in them would fill this one.
const elsewhere = new Set(["preprocessing", "postprocessing"]);

function below(node: SchemaNode, path: string): Key[] {
  const properties = Object.entries(node.properties ?? {}).flatMap(([key, inner]) => {
    if (key === "$schema") return [];
    const place = path === "" ? key : `${path}.${key}`;
    const own: Key = {
      path: place,
      type: typeOf(inner),
      isRequired: node.required?.includes(key) ?? false,
      description: inner.description ?? "",
    };
    return elsewhere.has(key) ? [own] : [own, ...below(inner, place)];
  });
  const { items, additionalProperties, anyOf = [], oneOf = [] } = node;
  return [
    ...properties,
    ...(items ? below(items, `${path}[]`) : []),
    ...(typeof additionalProperties === "object" ? below(additionalProperties, `${path}.*`) : []),
    ...[...anyOf, ...oneOf].flatMap((branch) => below(branch, path)),
  ];
}

/** Branches of a union share keys. One that only some of them ask for need not be there. */
function uniqueKeys(keys: readonly Key[]): Key[] {
  return [...Map.groupBy(keys, ({ path }) => path).values()].flatMap(([first, ...more]) =>
    first
      ? [
          {
            ...first,
            type: [...new Set([first, ...more].map(({ type }) => type))].join(" or "),
            isRequired: first.isRequired && more.every(({ isRequired }) => isRequired),
          },
        ]
      : [],
  );
}

function typeOf(node: SchemaNode): string {
  const branches = node.anyOf ?? node.oneOf;
  if (branches) return [...new Set(branches.map(typeOf))].join(" or ");
  if (node.const !== undefined) return JSON.stringify(node.const);
  if (node.enum) return node.enum.map((value) => JSON.stringify(value)).join(", ");
  if (node.type === "array") return `list of ${node.items ? typeOf(node.items) : "anything"}`;
  if (node.type === "string") return "text";
  if (node.type === "integer") return "whole number";
  if (node.type === "boolean") return "true or false";
  return node.type ?? "anything";
}
