import type { Described } from "./described.ts";

/** RIS, which reference managers import: the model as software, with the bytes that ran. */
export function ris({
  id,
  version,
  config,
  built,
  url,
  day,
  year,
  registry,
  source,
}: Described): string {
  const fields: [tag: string, value: string | undefined][] = [
    ["TY", "COMP"],
    ["ID", `${id}-${version}`],
    ["TI", config.title],
    ...config.authors.map(({ given, family }) => ["AU", `${family}, ${given}`] as [string, string]),
    ["PY", year?.toString()],
    ["DA", day?.replaceAll("-", "/")],
    ["ET", version],
    ["PB", registry.name],
    ["UR", url],
    ["AB", config.summary],
    ...(config.tags ?? []).map((tag) => ["KW", tag] as [string, string]),
    ["N1", `Container image ${built.image}`],
    ["N1", `Source commit ${source.revision}`],
    ["ER", ""],
  ];
  // A line break would begin another field.
  return fields
    .flatMap(([tag, value]) =>
      value === undefined ? [] : `${tag}  - ${value.replaceAll(/\s+/g, " ")}`,
    )
    .join("\r\n");
}
