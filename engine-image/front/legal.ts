import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "#schema/config.ts";

// Where authors put the text of a licence; python/modelhub/licenses.py looks at the same places.
const names = /^(LICEN[CS]E|COPYING|NOTICE)/;
const folders = ["license", "licenses"];

const engineLicense = "Apache License, Version 2.0: https://www.apache.org/licenses/LICENSE-2.0";
const acknowledgements =
  "The engine contains Node.js, Hono, busboy, streamsearch and Zod under the MIT licence, and Swagger UI under the Apache License, Version 2.0.";

/**
 * The three licences as SPDX expressions, and the texts that lie in the model's folder. The keys
 * with an underscore are those of the published engine.
 */
export function readLegal({ licenses }: Config, folder: string) {
  const texts = textsIn(folder);
  const first = (part: RegExp) => texts.find(({ file }) => part.test(file))?.text;
  return {
    ...licenses,
    texts,
    modelhub_license: engineLicense,
    modelhub_acknowledgements: acknowledgements,
    model_license:
      first(/weights|^license\/model/) ?? first(/^(LICEN[CS]E|COPYING)/) ?? licenses?.weights ?? "",
    sample_data_license: first(/samples?/) ?? licenses?.sampleData ?? "",
  };
}

function textsIn(folder: string): { file: string; text: string }[] {
  const inFolders = folders.flatMap((name) =>
    filesOf(join(folder, name)).map((file) => `${name}/${file}`),
  );
  const files = [...filesOf(folder).filter((file) => names.test(file)), ...inFolders].sort();
  return files.map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }));
}

function filesOf(folder: string): string[] {
  const kind = (path: string) => statSync(path, { throwIfNoEntry: false });
  if (!kind(folder)?.isDirectory()) return [];
  return readdirSync(folder).filter((name) => kind(join(folder, name))?.isFile());
}
