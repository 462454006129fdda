import type { Table } from "./table.ts";

/** A table out of CSV or TSV text: the first line names the columns, quotes hold what they like. */
export function readCsv(text: string): Table {
  const separator = text.split("\n", 1)[0]?.includes("\t") ? "\t" : ",";
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
