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
];

/** The three licences as SPDX expressions, and the texts that lie in the model's folder. */
export function readLegal(config: Config, folder: string) {
  const texts = names.flatMap((file) => {
    const text = readText(join(folder, file));
    return text === undefined ? [] : [{ file, text }];
  });
  return { ...config.licenses, texts };
}
