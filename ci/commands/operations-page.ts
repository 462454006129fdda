import { jsonSchema, type SchemaNode } from "#schema/documents.ts";

/** operations.md: the named operations as a page, made from the schema like all that says their shape. */
export function operationsPage(): string {
  const { inputs, outputs } = jsonSchema("config").properties ?? {};
  const before = operationsIn(inputs, "preprocessing");
  const after = operationsIn(outputs, "postprocessing");
  const known = new Set(before.map(nameOf));
  return [
    "# Named operations",
    "",
    "What a config says instead of code, in `preprocessing` of an input and `postprocessing` of an output:",
    "",
    "```json",
    '{ "id": "resize", "kwargs": { "shape": { "y": 224, "x": 224 } } }',
    "```",
    "",
    "They work on an array with named axes: those of the input or the output. A batch and a channel axis are called `batch` and `channel`. What each computes, to the number, is held by the vectors in `engine-image/operations/golden`, which the Python and the TypeScript implementation both pass.",
    "",
    "## Before and after the network",
    "",
    ...before.flatMap(section),
    "## After the network only",
    "",
    ...after.filter((operation) => !known.has(nameOf(operation))).flatMap(section),
  ]
    .join("\n")
    .trimEnd()
    .concat("\n");
}

function operationsIn(list: SchemaNode | undefined, key: string): SchemaNode[] {
  return list?.items?.properties?.[key]?.items?.oneOf ?? [];
}

function nameOf(operation: SchemaNode): string {
  return String(operation.properties?.["id"]?.const);
}

function section(operation: SchemaNode): string[] {
  const { properties = {}, required = [] } = operation.properties?.["kwargs"] ?? {};
  const rows = Object.entries(properties).map(([name, { description = "" }]) => {
    const must = required.includes(name) ? " (required)" : "";
    return `- \`${name}\`${must}: ${description}`;
  });
  return [
    `### ${nameOf(operation)}`,
    "",
    operation.description ?? "",
    "",
    ...rows,
    ...(rows.length > 0 ? [""] : []),
  ];
}
