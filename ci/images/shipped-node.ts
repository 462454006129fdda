import { dataOf, symbolOf, withShorter } from "./elf.ts";
import { englishOnly } from "./icu-data.ts";

/**
 * Node as images have it: without symbols, and with English alone of the languages that it speaks.
 * Formats in another locale come out in English, as with Node's own build option `small-icu`.
 */
export function shippedNode(program: Buffer): Buffer {
  const icu = symbolOf(program, /^icudt\d+_dat$/);
  return withShorter(program, icu, englishOnly(dataOf(program, icu)));
}
