import type { NumberArray } from "#operations/array.ts";
import { TryProblem } from "#page/runner.ts";
import type { Input } from "#schema/config.ts";
import type { Table } from "#viewers/table.ts";

/** A table's numbers [row, column], with the config's columns in order. Throws a TryProblem. */
export function tableArray({ columns, rows }: Table, input: Pick<Input, "columns">): NumberArray {
  const wanted = input.columns ?? columns;
  const places = wanted.map((name) => columns.indexOf(name));
  const cells = rows.map((row, index) =>
    places.map((place, column) => {
      const cell = row[place];
      const value = numberIn(cell);
      if (Number.isFinite(value)) return value;
      throw new TryProblem(
        "This table can't be read",
        `Row ${index + 1} has no finite number in column ${wanted[column]}.`,
      );
    }),
  );
  return { data: Float64Array.from(cells.flat()), shape: [rows.length, wanted.length] };
}

// Number() takes more than numbers: an empty text for 0, and 0x10.
function numberIn(cell: unknown): number {
  if (typeof cell === "string" && !/^\s*[+-]?[\d.]+(e[+-]?\d+)?\s*$/i.test(cell)) return Number.NaN;
  return typeof cell === "object" ? Number.NaN : Number(cell);
}
