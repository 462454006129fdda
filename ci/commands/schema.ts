import { readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type DocumentName, documents, jsonSchema } from "#schema/documents.ts";
import { toJson } from "../files.ts";
import { root } from "../home.ts";
import { operationsPage } from "./operations-page.ts";

export interface SchemaOptions {
  /** Write nothing; exit code 1 when a file is not as the schemas are. */
  check?: boolean | undefined;
  /** Folder of the files. */
  folder?: string | undefined;
}

/** `schema`: writes from the zod schemas what editors, other languages and readers need: `*.schema.json`, operations.md. */
export async function schema(options: SchemaOptions = {}): Promise<number> {
  const folder = options.folder ?? join(root, "registry", "schema");
  const stale = staleSchemas(folder);
  const shown = stale.map(({ file }) => relative(process.cwd(), file));
  if (!options.check) {
    for (const { file, text } of stale) writeFileSync(file, text);
    process.stderr.write(shown.map((file) => `wrote ${file}\n`).join("") || "nothing changed\n");
    return 0;
  }
  const problems = shown.map(
    (file) => `${file}\n  expected what the zod schemas say, got another text\n`,
  );
  if (problems.length === 0) return 0;
  process.stderr.write(`${problems.join("\n")}  hint: \`modelhub schema\` writes it anew\n`);
  return 1;
}

/** Files that differ from what the schemas say, with the text that they should have. */
function staleSchemas(folder: string): { file: string; text: string }[] {
  const schemas = (Object.keys(documents) as DocumentName[]).map((name) => ({
    file: join(folder, `${name}.schema.json`),
    text: schemaText(name),
  }));
  const page = { file: join(folder, "operations.md"), text: operationsPage() };
  return [...schemas, page].filter(({ file, text }) => textOf(file) !== text);
}

/** The text of `<name>.schema.json`. */
export function schemaText(name: DocumentName): string {
  return toJson(jsonSchema(name));
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // A file that is missing is stale like any other.
    return undefined;
  }
}
