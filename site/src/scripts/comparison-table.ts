import type { CatalogVersion } from "#schema/catalog.ts";
import type { Row } from "../compare.ts";

interface Actions {
  /** Address below which the models' pages lie. */
  models: string;
  remove: (id: string) => void;
}

/** The rows as a table, models across; text only, so that no model's words become markup. */
export function comparisonTable(
  models: readonly CatalogVersion[],
  rows: readonly Row[],
  { models: address, remove }: Actions,
): HTMLTableElement {
  const table = element("table", { className: "comparison" });
  table.append(
    element("caption", { className: "visually-hidden", textContent: "Models side by side" }),
  );
  const head = table.createTHead().insertRow();
  head.append(element("td"));
  for (const { id, entry } of models) {
    const link = element("a", { href: `${address}${id}/`, textContent: entry.title });
    const button = element("button", { textContent: "Remove", type: "button" });
    button.setAttribute("aria-label", `Remove ${entry.title}`);
    button.addEventListener("click", () => remove(id));
    const cell = element("th", { scope: "col" });
    cell.append(link, button);
    head.append(cell);
  }
  for (const [group, members] of Map.groupBy(rows, ({ group }) => group)) {
    const body = table.createTBody();
    const title = element("th", {
      scope: "rowgroup",
      colSpan: models.length + 1,
      textContent: group,
    });
    body.insertRow().append(title);
    for (const row of members) body.append(rowOf(row));
  }
  return table;
}

function rowOf({ name, cells, differs }: Row): HTMLTableRowElement {
  const row = element("tr", { className: differs ? "differs" : "" });
  const heading = element("th", { scope: "row", textContent: name });
  if (differs) heading.append(element("span", { className: "mark", textContent: "differs" }));
  row.append(heading, ...cells.map((textContent) => element("td", { textContent })));
  return row;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  values: Partial<HTMLElementTagNameMap[Name]> = {},
): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), values);
}
