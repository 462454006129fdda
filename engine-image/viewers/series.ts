import { axisViews, extent, type NumberArray } from "./array.ts";
import { element, svg } from "./dom.ts";
import { count, number } from "./format.ts";
import { plot, plotHeight, plotWidth } from "./plot.ts";

export interface Described {
  name: string;
  axes: readonly string[] | undefined;
  unit: string | undefined;
  /** Names of the numbers along the last axis. */
  columns: readonly string[] | undefined;
}

// More rows than this are told apart by colour better than by lines.
export const mostLines = 6;

/** Numbers in the order in which they are drawn as lines. */
export interface Series {
  along: string;
  rows: number[][];
}

/** Few long rows or columns, each a line along the longer axis; else all numbers as one line. */
export function seriesOf({ data, shape }: NumberArray, axes: Described["axes"]): Series {
  const [first, second, ...more] = axisViews(shape, axes).filter(({ size }) => size > 1);
  const isPlane = first && second && more.length === 0;
  if (!isPlane || Math.min(first.size, second.size) > mostLines)
    return { along: first && !second ? first.name : "", rows: [Array.from(data)] };
  const [across, along] = first.size < second.size ? [first, second] : [second, first];
  const rows = Array.from({ length: across.size }, (_, row) =>
    Array.from(
      { length: along.size },
      (_, at) => data[row * across.stride + at * along.stride] ?? Number.NaN,
    ),
  );
  return { along: along.name, rows };
}

/** A line for each row, all against one range. */
export function drawLines({ along, rows }: Series, { name, unit }: Described): HTMLElement {
  const all = rows.flat();
  const length = rows[0]?.length ?? 0;
  const range = extent(all);
  const drawn = rows.map((row) => plot(row, 160, range));
  const { min = 0, max = 0, zero } = drawn[0] ?? {};
  const words = `${count(all.length)} numbers of ${name}, drawn between ${number(min)} and ${number(max)}`;
  const view = `0 -2 ${plotWidth} ${plotHeight + 4}`;
  const drawing = svg(
    "svg",
    { viewBox: view, preserveAspectRatio: "none", role: "img", "aria-label": words },
    zero === undefined ? undefined : svg("path", { class: "zero", d: `M0 ${zero}H${plotWidth}` }),
    ...drawn.map(({ path, isColumns }, row) =>
      svg("path", { class: `${isColumns ? "columns" : "row"} ${row % 2 ? "odd" : ""}`, d: path }),
    ),
  );
  const label = [along, unit].filter(Boolean).join(" · ");
  return element(
    "div",
    { className: "line-plot" },
    element("span", { className: "y-max number" }, number(max)),
    element("span", { className: "y-min number" }, number(min)),
    drawing,
    element("span", { className: "x-min number" }, "0"),
    element("span", { className: "x-name quiet" }, label),
    element("span", { className: "x-max number" }, count(length)),
  );
}
