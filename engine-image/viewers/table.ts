import { element, scrolling } from "./dom.ts";
import { cell, count } from "./format.ts";

export interface Table {
  columns: readonly string[];
  rows: readonly (readonly unknown[])[];
}

export type Order = "ascending" | "descending";

/** The rows in the order of a column; what is missing comes last either way. */
export function sorted(rows: Table["rows"], column: number, order: Order): Table["rows"] {
  const sign = order === "ascending" ? 1 : -1;
  const missing = (value: unknown) => value === null || value === undefined || value === "";
  return rows.toSorted((one, other) => {
    const [a, b] = [one[column], other[column]];
    if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b));
    const [x, y] = [Number(a), Number(b)];
    const areNumbers = !Number.isNaN(x) && !Number.isNaN(y);
    return sign * (areNumbers ? x - y : String(a).localeCompare(String(b)));
  });
}

/** A table that sorts by a press on a column's head. Rows after the thousandth aren't drawn. */
export function drawTable({ columns, rows }: Table, name: string): HTMLElement {
  const body = element("tbody");
  const heads = columns.map((column, at) => {
    const button = element("button", { type: "button" }, column);
    const isNumber = rows.every((row) => typeof (row[at] ?? 0) === "number");
    const head = element("th", { scope: "col", className: isNumber ? "number" : "" }, button);
    button.addEventListener("click", () => {
      const order = head.ariaSort === "ascending" ? "descending" : "ascending";
      for (const other of heads) other.ariaSort = null;
      head.ariaSort = order;
      fill(body, sorted(rows, at, order));
    });
    return head;
  });
  fill(body, rows);
  const table = element(
    "table",
    {},
    element("caption", { className: "hidden" }, name),
    element("thead", {}, element("tr", {}, ...heads)),
    body,
  );
  return scrolling(element("div", {}, table), name);
}

function fill(body: HTMLElement, rows: Table["rows"]): void {
  const shown = 1000;
  body.replaceChildren(
    ...rows.slice(0, shown).map((row) => element("tr", {}, ...row.map(drawCell))),
  );
  if (rows.length > shown) {
    const rest = `and ${count(rows.length - shown)} more rows`;
    body.append(element("tr", {}, element("td", { className: "quiet" }, rest)));
  }
}

function drawCell(value: unknown): HTMLElement {
  const isNumber = typeof value === "number";
  return element("td", { className: isNumber ? "number" : "" }, cell(value));
}
