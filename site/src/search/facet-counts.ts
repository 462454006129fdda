import { type Facts, facets } from "./fields.ts";

/** A model's options by number: of each facet, and all of them. */
export interface Options {
  byFacet: number[][];
  all: number[];
}

/** How many models there would be with an option. */
export type Count = (facet: string, option: string) => number;

/** Numbers the options of all facets, so that thousands of models are counted between two keystrokes. */
export class FacetCounts {
  readonly #numbers = facets.map(() => new Map<string, number>());
  #size = 0;

  optionsOf(model: Facts): Options {
    const byFacet = facets.map(({ valuesOf }, at) =>
      valuesOf(model).map((value) => this.#number(at, value)),
    );
    return { byFacet, all: byFacet.flat() };
  }

  /** One pass: a model that fails one facet alone still counts among that facet's options. */
  narrow<Row extends { options: Options }>(
    rows: readonly Row[],
    chosen: ReadonlyMap<string, string>,
  ): { found: Row[]; count: Count } {
    const asked = facets.flatMap(({ name }, at) => {
      const option = chosen.get(name);
      return option === undefined ? [] : { at, number: this.#numbers[at]?.get(option) ?? -1 };
    });
    const found: Row[] = [];
    const counts = new Uint32Array(this.#size);
    for (const row of rows) {
      const { byFacet, all } = row.options;
      const failed = asked.filter(({ at, number }) => !byFacet[at]?.includes(number));
      if (failed.length > 1) continue;
      const [only] = failed;
      if (!only) found.push(row);
      for (const number of only ? (byFacet[only.at] ?? []) : all) {
        counts[number] = (counts[number] ?? 0) + 1;
      }
    }
    const count: Count = (facet, option) => {
      const at = facets.findIndex(({ name }) => name === facet);
      return counts[this.#numbers[at]?.get(option) ?? -1] ?? 0;
    };
    return { found, count };
  }

  #number(facet: number, value: string): number {
    const numbers = this.#numbers[facet];
    const known = numbers?.get(value);
    if (known !== undefined) return known;
    numbers?.set(value, this.#size);
    this.#size += 1;
    return this.#size - 1;
  }
}
