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
      const value = cell === undefined || String(cell).trim() === "" ? Number.NaN : Number(cell);
      if (Number.isFinite(value)) return value;
      throw new TryProblem(
        "This table can't be read",
        `Row ${index + 1} has no finite number in column ${wanted[column]}.`,
      );
    }),
  );
  return { data: Float64Array.from(cells.flat()), shape: [rows.length, wanted.length] };
}
