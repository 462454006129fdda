import { OursError } from "../errors.ts";
import { goJson } from "./swap.ts";

/**
 * JSON that every reader understands alike. Of a key that comes twice Go and JavaScript take different
 * values, and Go takes `onbuild` for `OnBuild`: what is checked here has to be what is used there.
 */
export function parsePlain(text: string, about: string): unknown {
  const value: unknown = JSON.parse(text);
  if (text !== goJson(value) && text !== goJson(value, 2))
    throw new OursError(`${about}: expected JSON as BuildKit writes it, got another spelling`);
  const twin = twinIn(value);
  if (twin) throw new OursError(`${about}: expected each key once, got ${twin} in two spellings`);
  return value;
}

/** A key that an object at any depth has twice but for upper and lower case. */
function twinIn(value: unknown): string | undefined {
  if (value === null || typeof value !== "object") return undefined;
  const seen = new Set<string>();
  for (const key of Object.keys(value)) {
    const folded = key.toLowerCase();
    if (seen.has(folded)) return key;
    seen.add(folded);
  }
  for (const inner of Object.values(value)) {
    const twin = twinIn(inner);
    if (twin) return twin;
  }
  return undefined;
}
