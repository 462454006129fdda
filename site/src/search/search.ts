import MiniSearch from "minisearch";
import { fold } from "../search.ts";
import { type Count, FacetCounts, type Options } from "./facet-counts.ts";
import type { Facts, Sort } from "./fields.ts";
import { readFilter } from "./filter.ts";
import { textOf } from "./text.ts";

export interface Asked {
  query: string;
  /** The chosen option by facet. */
  chosen: ReadonlyMap<string, string>;
  sort: Sort;
}

export interface Answer {
  models: Facts[];
  count: Count;
  /** Whether no model has the words as typed, and these are near them. */
  isNear: boolean;
}

interface Row {
  model: Facts;
  /** Place by title, the order in which models come. */
  at: number;
  /** All its words, folded. */
  text: string;
  options: Options;
}

const texts = ["title", "id", "task", "domain", "architecture", "framework", "words", "summary"];

/** Full text, facets and filters over all models, in memory. */
export class Search {
  readonly models: Facts[] = [];
  readonly #rows = new Map<string, Row>();
  readonly #counts = new FacetCounts();
  readonly #index = new MiniSearch<Facts>({
    fields: texts,
    extractField: (model, name) => String(read(model, name) ?? ""),
    processTerm: fold,
    searchOptions: { boost: { title: 4, id: 3, task: 2 }, combineWith: "AND", prefix: true },
  });

  /** Takes up models, a few at a time, so that the page goes on answering. */
  async add(models: readonly Facts[]): Promise<void> {
    for (const model of models) {
      const options = this.#counts.optionsOf(model);
      const text = textOf(model);
      this.#rows.set(model.id, { model, at: this.models.length, text, options });
      this.models.push(model);
    }
    await this.#index.addAllAsync(models, { chunkSize: 100 });
  }

  /** @throws FilterError where the query can't be read */
  find({ query, chosen, sort }: Asked): Answer {
    const { words, test } = readFilter(query);
    const typed = fold(words)
      .split(/\s+/)
      .filter((word) => word !== "");
    const { rows, isNear } = this.#ranked(typed.filter((word) => word.length >= shortest));
    const short = typed.filter((word) => word.length < shortest);
    const fitting = rows.filter(
      (row) => short.every((word) => row.text.includes(` ${word}`)) && test(row.model),
    );
    const { found, count } = this.#counts.narrow(fitting, chosen);
    // What nothing ranked stands by title already, as the shards do.
    if (sort !== "best") found.sort(orders[sort]);
    return { models: found.map(({ model }) => model), count, isNear };
  }

  /** Models by how well the words fit; where nothing has them as typed, what is near. */
  #ranked(words: string[]): { rows: Row[]; isNear: boolean } {
    if (words.length === 0) return { rows: [...this.#rows.values()], isNear: false };
    const query = words.join(" ");
    const exact = this.#index.search(query);
    const results = exact.length > 0 ? exact : this.#index.search(query, { fuzzy: 0.2 });
    const rows = results.flatMap(({ id }) => this.#rows.get(id) ?? []);
    return { rows, isNear: exact.length === 0 && rows.length > 0 };
  }
}

// Half of all words begin with one or two letters that somebody is only just typing: not worth a ranking.
const shortest = 3;

function read(model: Facts, name: string): string | undefined {
  if (name !== "words") return model[name as "title"];
  return [...model.tags, ...model.authors, ...model.outputs, ...(model.modality ?? [])].join(" ");
}

const byTitle = (a: Row, b: Row): number => a.at - b.at;

/** Smallest first; what is not known comes last. */
const rising = (value: (model: Facts) => number | undefined) => (a: Row, b: Row) =>
  (value(a.model) ?? Number.MAX_VALUE) - (value(b.model) ?? Number.MAX_VALUE) || byTitle(a, b);

const newestFirst = (a: Row, b: Row): number => {
  const [left, right] = [a.model.published ?? "", b.model.published ?? ""];
  if (left !== right) return left < right ? 1 : -1;
  return (b.model.year ?? 0) - (a.model.year ?? 0) || byTitle(a, b);
};

const orders: { [sort in Sort]: (a: Row, b: Row) => number } = {
  best: byTitle,
  new: newestFirst,
  size: rising(({ bytes }) => bytes),
  memory: rising(({ peakMemoryBytes }) => peakMemoryBytes),
  latency: rising(({ predictSeconds }) => predictSeconds),
  parameters: rising(({ parameters }) => parameters),
};
