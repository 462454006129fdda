import { type AxisView, axisViews, extent, type NumberArray } from "./array.ts";
import { heatColour } from "./colours.ts";
import { element, folded } from "./dom.ts";
import { count, number, numberIn } from "./format.ts";
import { colourBar } from "./heatmap.ts";
import { drawPlanes, planeOf } from "./plane.ts";
import { type Described, drawLines, mostLines, seriesOf } from "./series.ts";
import { drawTable } from "./table.ts";

/** Numbers: one by itself, named ones as a table, a few rows as lines, many rows as colours. */
export function drawVector(array: NumberArray, described: Described): HTMLElement {
  const { name, axes, unit, columns } = described;
  const { data } = array;
  if (data.length === 1)
    return element(
      "p",
      { className: "scalar" },
      number(data[0] as number),
      element("span", {}, unit ? ` ${unit}` : ""),
    );
  if (columns && data.length % columns.length === 0)
    return drawTable(namedRows(data, columns), name);
  const [first, second, ...more] = axisViews(array.shape, axes).filter(({ size }) => size > 1);
  const isPlane = first && second && more.length === 0;
  const drawing =
    isPlane && Math.min(first.size, second.size) > mostLines
      ? heatPlot(array, first, second, unit)
      : drawLines(seriesOf(array, axes), described);
  return element(
    "div",
    { className: "vector-view" },
    drawing,
    folded("Numbers", () => numbers(array, name)),
  );
}

/** Rows of a table out of numbers that have names; a single row becomes pairs. */
export function namedRows(data: ArrayLike<number>, columns: readonly string[]) {
  const all = Array.from(data);
  if (all.length === columns.length)
    return { columns: ["Name", "Value"], rows: columns.map((name, at) => [name, all[at]]) };
  const rows = Array.from({ length: all.length / columns.length }, (_, row) =>
    all.slice(row * columns.length, (row + 1) * columns.length),
  );
  return { columns, rows };
}

/** A plane in colours; time runs to the right and what it is about upwards. */
function heatPlot(
  array: NumberArray,
  first: AxisView,
  second: AxisView,
  unit: string | undefined,
): HTMLElement {
  const isOverTime = /^(time|t|frames?)$/i.test(first.name);
  const [x, y] = isOverTime ? [first, second] : [second, first];
  const plane = planeOf(array, x, y);
  const upward = (column: number, row: number) => plane.at(column, y.size - 1 - row);
  const range = extent(array.data);
  const scale = range.max - range.min || 1;
  const words = `${count(y.size)} × ${count(x.size)} numbers from ${numberIn(range.min, range)} to ${numberIn(range.max, range)}`;
  const canvas = element("canvas", { role: "img", ariaLabel: words });
  drawPlanes(canvas, [
    {
      plane: isOverTime ? { ...plane, at: upward } : plane,
      paint: (value) => [heatColour((value - range.min) / scale), 1],
    },
  ]);
  return element(
    "div",
    { className: "heat-plot" },
    element("span", { className: "y-name quiet" }, `${y.name || "rows"} ${count(y.size)}`),
    canvas,
    element("span", { className: "x-name quiet" }, `${x.name || "columns"} ${count(x.size)}`),
    colourBar(range, unit),
  );
}

// More cells than these nobody reads; the file has them all.
const most = { rows: 200, columns: 20 };

/** The first numbers themselves, in rows as the last axis has them. */
function numbers({ data, shape }: NumberArray, name: string): HTMLElement {
  const width = shape.length > 1 ? (shape.at(-1) ?? 1) : 1;
  const columns = Array.from({ length: Math.min(width, most.columns) }, (_, at) => String(at));
  const rows = Array.from({ length: Math.min(data.length / width, most.rows) }, (_, row) => [
    row,
    ...columns.map((_, column) => data[row * width + column]),
  ]);
  const table = drawTable(
    { columns: ["Place", ...(width === 1 ? ["Value"] : columns)], rows },
    name,
  );
  if (rows.length * columns.length === data.length) return table;
  const note = `the first ${count(rows.length)} × ${columns.length} of ${count(data.length)} numbers`;
  return element("div", {}, table, element("p", { className: "quiet" }, note));
}
