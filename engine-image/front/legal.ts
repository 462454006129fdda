import { join } from "node:path";
import type { Config } from "#schema/config.ts";
import { readText } from "./config.ts";

// Where authors put the text of a licence. Only these are looked for.
const names = [
  "LICENSE",
  "LICENSE.txt",
  "LICENSE.md",
  "LICENCE",
  "LICENCE.txt",
  "LICENCE.md",
  "COPYING",
  "NOTICE",
  "NOTICE.txt",
  "LICENSE-weights",
  "LICENSE-weights.txt",
  "LICENSE-samples",
  "LICENSE-samples.txt",
  "licenses/code.txt",
  "licenses/labels.txt",
  "licenses/weights.txt",
  "licenses/samples.txt",
  // In an old contribution.
  "license/model",
  "license/sample_data",
];

const engineLicense = "Apache License, Version 2.0: https://www.apache.org/licenses/LICENSE-2.0";
const acknowledgements =
  "The engine contains Node.js, Hono, busboy, streamsearch and Zod, all under the MIT licence.";

/**
 * The three licences as SPDX expressions, and the texts that lie in the model's folder. The keys
 * with an underscore are those of the published engine.
 */
export function readLegal({ licenses }: Config, folder: string) {
  const texts = names.flatMap((file) => {
    const text = readText(join(folder, file));
    return text === undefined ? [] : [{ file, text }];
  });
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
