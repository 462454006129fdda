import type { Table } from "./table.ts";

/**
 * A table out of CSV: the first line names the columns, and tells what separates cells by what it has of
 * tab, comma and semicolon; quotes hold what they like.
 */
export function readCsv(text: string): Table {
  const [first = ""] = text.split("\n", 1);
  const separator = ["\t", ",", ";"].find((mark) => first.includes(mark)) ?? ",";
  const token = new RegExp(`("(?:[^"]|"")*"|[^${separator}\\r\\n]*)(${separator}|\\r?\\n|$)`, "gy");
  const rows: string[][] = [[]];
  for (const [, field = "", end] of text.matchAll(token)) {
    rows.at(-1)?.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end === "") break;
    if (end !== separator) rows.push([]);
  }
  const [columns = [], ...rest] = rows.filter((row) => row.length > 1 || row[0] !== "");
  return { columns, rows: rest };
}
