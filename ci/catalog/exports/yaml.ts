/**
 * Plain data as YAML: words bare, every other text as JSON writes it, which YAML reads as well.
 * A library that knows all of YAML takes most of the time in which an API of thousands is written.
 */
export function yaml(value: unknown): string {
  return `${block(value, "", "").trimStart()}\n`;
}

/** What stands after a key or a dash: on its line, or on lines of their own; `lead` is before the first. */
function block(value: unknown, indent: string, lead: string): string {
  if (value === null || typeof value !== "object") return ` ${scalar(value)}`;
  if (Array.isArray(value)) return items(value, indent, lead) || " []";
  return pairs(value, indent, lead) || " {}";
}

/** The first line of an item stands beside its dash. */
function items(list: readonly unknown[], indent: string, lead: string): string {
  const below = `\n${indent}`;
  let lines = "";
  for (const item of list) {
    lines += `${lines ? below : lead}-${block(item, `${indent}  `, " ")}`;
  }
  return lines;
}

function pairs(value: object, indent: string, lead: string): string {
  const below = `\n${indent}`;
  let lines = "";
  for (const [key, inner] of Object.entries(value)) {
    if (inner === undefined) continue;
    const nested = Array.isArray(inner) ? indent : `${indent}  `;
    lines += `${lines ? below : lead}${scalar(key)}:${block(inner, nested, `\n${nested}`)}`;
  }
  return lines;
}

const bare = /^[a-z]+(?:[ ._/-][a-z0-9]+)*$/i;
const special = /^(?:true|false|yes|no|on|off|y|n|null)$/i;
// Most texts have nothing that either language escapes.
const plain = /^[ !#-[\]-~]*$/;
// JSON leaves these in a text as they are; YAML has them escaped.
const unprintable = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

function scalar(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  if (bare.test(value) && !special.test(value)) return value;
  if (plain.test(value)) return `"${value}"`;
  return JSON.stringify(value).replace(
    unprintable,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
