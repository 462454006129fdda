import { parametersOf, summaryOf } from "#ci/network/summary.ts";
import type { VersionPage } from "./catalog.ts";

/** What the networks of a catalog have in common, by year, task and field. */

/** A model as the trends see it. */
export interface Observed {
  year: number | undefined;
  task: string | undefined;
  field: string | undefined;
  family: string;
  parameters: number | undefined;
  /** Absent where no weights were read. */
  read?: { blocks: string[]; activations: string[]; normalisers: string[] };
}

/** Of a version that was built, what counts; its year is that of its first publication, else of its registration. */
export function observe({
  model,
  card,
}: Pick<VersionPage, "model" | "card">): Observed | undefined {
  const { built, published } = model;
  if (!built || model.yanked) return undefined;
  const { config } = built.record;
  const summary = summaryOf(built.record);
  const hasGraph = summary?.depth !== undefined;
  return {
    year: card?.year ?? (published ? Number(published.slice(0, 4)) : undefined),
    task: config.task,
    field: config.domain,
    family: familyOf(config.model.architecture),
    parameters: parametersOf(built.record),
    ...(hasGraph && {
      read: {
        blocks: blocksOf(Object.keys(summary.operators)),
        activations: Object.keys(summary.activations),
        normalisers: Object.keys(summary.normalisers),
      },
    }),
  };
}

const blocks: [name: string, pattern: RegExp][] = [
  ["convolution", /Conv(?!Transpose)/],
  ["transposed convolution", /ConvTranspose/],
  ["recurrent cell", /LSTM|GRU|RNN/],
  ["attention", /Attention/],
  ["matrix product", /Gemm|MatMul|Linear/],
  ["tree", /Tree/],
];

/** What a network is built of, from the names of its operators. */
export function blocksOf(operators: readonly string[]): string[] {
  const found = blocks.filter(([, pattern]) => operators.some((name) => pattern.test(name)));
  return found.map(([name]) => name);
}

/** The family of an architecture as its author names it: `ResNet-50 v2` and `ResNet-101` are both ResNet. */
export function familyOf(architecture: string): string {
  const [start = ""] = architecture.split(/,| with | and |\(|\/|;/);
  const [word = "", ...rest] = start
    .replace(/^[1-4]-?D /i, "")
    .trim()
    .split(/\s+/);
  const isName =
    /\d|-|\p{Ll}\p{Lu}|^\p{Lu}{2}/u.test(word) || rest.every((part) => /\d/.test(part));
  const name = isName ? word : start.trim();
  const size = /[-_.]?(v?\d[\w.]*|tiny|small|base|large|huge|giant|nano|mini|lite\d*)$|-[a-z]\d*$/i;
  let family = name;
  while (family.replace(size, "").length > 1 && size.test(family))
    family = family.replace(size, "");
  return family || "unnamed";
}

export interface Spread {
  name: string;
  models: number;
  least: number;
  lower: number;
  median: number;
  upper: number;
  most: number;
  /** The values themselves where they are few. */
  values: number[];
}

const fewValues = 5;

/** How the parameters spread over the models of each year that has any. */
export function parametersByYear(all: readonly Observed[]): Spread[] {
  const known = all.filter(({ parameters }) => parameters !== undefined);
  return byYear(known).map(([name, models]) => {
    const values = models.flatMap(({ parameters }) => parameters ?? []).sort((a, b) => a - b);
    const at = (share: number) => quantile(values, share);
    return {
      name,
      models: values.length,
      least: at(0),
      lower: at(0.25),
      median: at(0.5),
      upper: at(0.75),
      most: at(1),
      values: values.length <= fewValues ? values : [],
    };
  });
}

/** How many models of each year have each of the names that are used most. */
export interface Shares {
  /** All that were looked at, also those without a year. */
  models: number;
  years: { name: string; models: number }[];
  rows: { name: string; total: number; counts: number[] }[];
  /** How many names are used less. */
  others: number;
}

const mostNames = 10;

export function sharesByYear(
  all: readonly Observed[],
  namesOf: (model: Observed) => readonly string[] | undefined,
): Shares {
  const known = all.filter((model) => namesOf(model) !== undefined);
  const years = byYear(known);
  const total = tally(known.flatMap((model) => [...new Set(namesOf(model))]));
  const names = [...total];
  const columns = years.map(([, models]) =>
    tally(models.flatMap((model) => [...new Set(namesOf(model))])),
  );
  return {
    models: known.length,
    years: years.map(([name, models]) => ({ name, models: models.length })),
    rows: names.slice(0, mostNames).map(([name, total]) => ({
      name,
      total,
      counts: columns.map((column) => column.get(name) ?? 0),
    })),
    others: Math.max(0, names.length - mostNames),
  };
}

/** What is usual for the models of a task or field. */
export interface Usual {
  name: string;
  models: number;
  /** Those whose network was read. */
  read: number;
  median: number | undefined;
  block: string | undefined;
  activation: string | undefined;
  normaliser: string | undefined;
}

const mostGroups = 15;

export function usualBy(
  all: readonly Observed[],
  nameOf: (model: Observed) => string | undefined,
): Usual[] {
  const groups = Map.groupBy(all, nameOf);
  groups.delete(undefined);
  return [...groups]
    .sort(([, one], [, other]) => other.length - one.length)
    .slice(0, mostGroups)
    .map(([name = "", models]) => ({
      name,
      models: models.length,
      read: models.filter(({ read }) => read).length,
      median: medianOf(models.flatMap(({ parameters }) => parameters ?? [])),
      block: usual(models, ({ read }) => read?.blocks),
      activation: usual(models, ({ read }) => read?.activations),
      normaliser: usual(models, ({ read }) => read?.normalisers),
    }));
}

function usual(
  models: readonly Observed[],
  namesOf: (model: Observed) => readonly string[] | undefined,
): string | undefined {
  const known = models.flatMap((model) => (namesOf(model) ? [namesOf(model) ?? []] : []));
  const [first] = tally(known.flat());
  return first && `${first[0]}, ${first[1]} of ${known.length}`;
}

function medianOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}

/** The value below which a share of them lies, between two where it falls between; of none, 0. */
function quantile(ordered: readonly number[], share: number): number {
  const place = (ordered.length - 1) * share;
  const low = ordered[Math.floor(place)] ?? 0;
  const high = ordered[Math.ceil(place)] ?? low;
  return Math.round(low + (high - low) * (place % 1));
}

// More columns fit no page; what is older stands together.
const mostYears = 12;

/** Models by year, oldest first; a year without any is left out, and models without a year count nowhere. */
function byYear(all: readonly Observed[]): [name: string, models: Observed[]][] {
  const known = [...new Set(all.flatMap(({ year }) => year ?? []))].sort((a, b) => a - b);
  const shown = known.slice(-mostYears);
  const [first = 0] = shown;
  const years = Map.groupBy(all, ({ year }) => year && Math.max(year, first));
  return shown.map((year) => {
    const name = year === first && known.length > shown.length ? `to ${year}` : String(year);
    return [name, years.get(year) ?? []];
  });
}

/** How often each name comes up, most first. */
function tally(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return new Map(
    [...counts].sort(([a, one], [b, other]) => other - one || a.localeCompare(b, "en")),
  );
}
