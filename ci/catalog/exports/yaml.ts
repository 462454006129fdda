type Entries = [key: string, value: unknown][];

/**
 * Plain data as YAML: words bare, every other text as JSON writes it, which YAML reads as well.
 * A library that knows all of YAML takes most of the time in which an API of thousands is written.
 */
export function yaml(value: unknown): string {
  return `${block(value, "").trimStart()}\n`;
}

/** What stands after a key: on its line, or on lines below it. */
function block(value: unknown, indent: string): string {
  if (Array.isArray(value)) return value.length === 0 ? " []" : items(value, indent);
  if (value === null || typeof value !== "object") return ` ${scalar(value)}`;
  const entries: Entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return entries.length === 0 ? " {}" : `\n${pairs(entries, indent)}`;
}

/** The first line of an item stands beside its dash. */
const items = (list: unknown[], indent: string): string =>
  list
    .map((item) => {
      const lines = block(item, `${indent}  `);
      const first = lines.startsWith("\n") ? ` ${lines.slice(indent.length + 3)}` : lines;
      return `\n${indent}-${first}`;
    })
    .join("");

const pairs = (entries: Entries, indent: string): string =>
  entries
    .map(([key, value]) => `${indent}${scalar(key)}:${block(value, nested(value, indent))}`)
    .join("\n");

const nested = (value: unknown, indent: string): string =>
  Array.isArray(value) ? indent : `${indent}  `;

const bare = /^[a-z]+([ ._/-][a-z0-9]+)*$/i;
const special = /^(true|false|yes|no|on|off|y|n|null)$/i;
// JSON leaves these in a text as they are; YAML has them escaped.
const unprintable = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

function scalar(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  if (bare.test(value) && !special.test(value)) return value;
  return JSON.stringify(value).replace(
    unprintable,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
