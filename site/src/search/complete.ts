import { type Facts, fields } from "./fields.ts";

// More are no help to anybody.
const most = 8;

/** Ways to finish what is being typed, each as the whole query. */
export function completions(query: string, models: readonly Facts[]): string[] {
  const [, before = "", name, sign, start = ""] =
    /^(.*?)(?:([a-z]+)(=|!=|~))?("?[^\s&|()"=<>~]*)$/is.exec(query) ?? [];
  if (name && sign)
    return valuesOf(name, start, models).map((value) => `${before}${name}${sign}${value}`);
  if (start.length < 2) return [];
  return fields
    .filter((field) => field.name.startsWith(start.toLowerCase()))
    .map((field) => `${before}${field.name}${field.kind === "word" ? "=" : "<"}`);
}

function valuesOf(name: string, start: string, models: readonly Facts[]): string[] {
  const field = fields.find((candidate) => candidate.name === name.toLowerCase());
  if (field?.kind !== "word") return [];
  const wanted = start.replace('"', "").toLowerCase();
  const counts = new Map<string, number>();
  for (const value of models.flatMap(field.read)) {
    if (value.toLowerCase().startsWith(wanted)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, most)
    .map(([value]) => (/[\s&|()]/.test(value) ? `"${value}"` : value));
}
