import type { CatalogCard } from "#schema/catalog.ts";
import { bytes, count, seconds, words } from "#viewers/format.ts";

/** A model as the search knows it. */
export type Facts = Omit<CatalogCard, "sample">;

interface Word {
  kind: "word";
  read: (model: Facts) => string[];
}

/** A number with the unit that a reader may give it; in the API it stands in bytes, seconds or pieces. */
interface Quantity {
  kind: "bytes" | "seconds" | "count";
  read: (model: Facts) => number | undefined;
}

export type Field = (Word | Quantity) & { name: string; about: string };

const list = (value: string | undefined): string[] => (value === undefined ? [] : [value]);

const yes = (value: boolean | undefined): string[] =>
  value === undefined ? [] : [value ? "yes" : "no"];

/** What the filter language can ask of a model; a claimed metric goes by its own name, such as top1. */
export const fields: Field[] = [
  { name: "id", about: "id", kind: "word", read: ({ id }) => [id] },
  { name: "name", about: "title", kind: "word", read: ({ title }) => [title] },
  { name: "task", about: "task", kind: "word", read: ({ task }) => list(task) },
  { name: "domain", about: "field", kind: "word", read: ({ domain }) => list(domain) },
  { name: "modality", about: "data", kind: "word", read: ({ modality = [] }) => modality },
  { name: "framework", about: "runtime", kind: "word", read: ({ framework }) => list(framework) },
  {
    name: "architecture",
    about: "network",
    kind: "word",
    read: ({ architecture }) => list(architecture),
  },
  {
    name: "license",
    about: "of weights",
    kind: "word",
    read: (model) => list(model.licenses?.weights),
  },
  {
    name: "code",
    about: "licence of code",
    kind: "word",
    read: (model) => list(model.licenses?.code),
  },
  {
    name: "data",
    about: "licence of samples",
    kind: "word",
    read: (model) => list(model.licenses?.sampleData),
  },
  {
    name: "commercial",
    about: "yes or no",
    kind: "word",
    read: (model) => yes(model.isCommercial),
  },
  { name: "browser", about: "yes or no", kind: "word", read: (model) => yes(model.isInBrowser) },
  { name: "gpu", about: "yes or no", kind: "word", read: (model) => yes(model.isOnGpu) },
  { name: "platform", about: "platform", kind: "word", read: ({ platforms }) => platforms },
  { name: "output", about: "type of output", kind: "word", read: ({ outputs }) => outputs },
  { name: "author", about: "author", kind: "word", read: ({ authors }) => authors },
  { name: "tag", about: "tag", kind: "word", read: ({ tags }) => tags },
  { name: "status", about: "status", kind: "word", read: (model) => [statusOf(model)] },
  { name: "year", about: "year", kind: "count", read: ({ year }) => year },
  { name: "size", about: "download", kind: "bytes", read: (model) => model.bytes },
  { name: "memory", about: "peak", kind: "bytes", read: ({ peakMemoryBytes }) => peakMemoryBytes },
  {
    name: "latency",
    about: "prediction",
    kind: "seconds",
    read: ({ predictSeconds }) => predictSeconds,
  },
  { name: "parameters", about: "parameters", kind: "count", read: ({ parameters }) => parameters },
];

function statusOf({ state, platforms }: Facts): string {
  if (platforms.length === 0) return "waiting";
  return state;
}

/** A drop-down of the search. */
export interface Facet {
  name: string;
  label: string;
  /** The options that a model answers to. */
  valuesOf: (model: Facts) => string[];
  display: (value: string) => string;
  /** Options in their own order, such as rising limits; without it the commonest come first. */
  order?: string[];
  /** Whether it is seen before the reader asks for more. */
  isFirst?: boolean;
}

const choice = (name: string, label: string, more: Partial<Facet> = {}): Facet => {
  const field = fields.find((candidate) => candidate.name === name);
  const valuesOf = (model: Facts) =>
    field?.kind === "word" ? field.read(model) : list(field?.read(model)?.toString());
  return { name, label, valuesOf, display: (value) => value, ...more };
};

const limit = (
  name: string,
  label: string,
  steps: number[],
  display: (value: number) => string,
): Facet => {
  const field = fields.find((candidate) => candidate.name === name);
  const within = (model: Facts): string[] => {
    const value = field?.kind === "word" ? undefined : field?.read(model);
    return value === undefined ? [] : steps.filter((step) => value <= step).map(String);
  };
  const text = (value: string) => `up to ${display(Number(value))}`;
  return { name, label, valuesOf: within, display: text, order: steps.map(String) };
};

export const facets: Facet[] = [
  choice("task", "Task", { display: words, isFirst: true }),
  choice("license", "Licence of weights", { isFirst: true }),
  choice("modality", "Kind of data", { display: words }),
  choice("domain", "Field", { display: words }),
  choice("framework", "Framework"),
  choice("architecture", "Architecture"),
  choice("code", "Licence of code"),
  choice("data", "Licence of samples"),
  choice("commercial", "Commercial use", { display: words }),
  choice("browser", "Runs in the browser", { display: words }),
  choice("gpu", "Image for a GPU", { display: words }),
  choice("platform", "Platform"),
  choice("output", "Output", { display: words }),
  choice("status", "Status", { display: words }),
  choice("year", "Year"),
  limit("size", "Download", [1e8, 2.5e8, 5e8, 1e9, 5e9], bytes),
  limit("memory", "Peak memory", [2.5e8, 5e8, 1e9, 2e9, 8e9], bytes),
  limit("latency", "Prediction", [0.01, 0.05, 0.25, 1, 10], seconds),
  limit("parameters", "Parameters", [1e6, 1e7, 1e8, 1e9], count),
];

export interface Option {
  value: string;
  count: number;
}

// Longer lists are asked by the filter language; the page stays light whatever the registry's size.
const mostOptions = 20;

/** The options of a facet that some models answer to. */
export function optionsOf(facet: Facet, models: readonly Facts[]): Option[] {
  const counts = new Map<string, number>();
  for (const value of models.flatMap(facet.valuesOf)) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const options = [...counts].map(([value, count]) => ({ value, count }));
  const { order } = facet;
  if (order) return options.sort((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
  return options
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value, "en"))
    .slice(0, mostOptions);
}

export const sorts = {
  best: "best match, then title",
  new: "newest first",
  size: "smallest download",
  memory: "least memory",
  latency: "fastest",
  parameters: "fewest parameters",
} as const;

export type Sort = keyof typeof sorts;
