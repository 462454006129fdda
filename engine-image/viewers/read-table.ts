import { readCsv } from "./csv.ts";
import type { Table } from "./table.ts";

/**
 * A table out of CSV, or out of JSON: a list of objects, or an object with the lists `columns` and `rows`.
 * Throws a sentence's end where it is none, as table.py of the engine does.
 */
export function readTable(text: string): Table {
  const { columns, rows } = /^\s*[[{]/.test(text) ? readJson(text) : readCsv(text);
  if (rows.length === 0) throw new Error("it has no rows");
  if (new Set(columns).size < columns.length) throw new Error("it has two columns of one name");
  if (rows.some((row) => row.length !== columns.length))
    throw new Error(`it has a row that doesn't have ${columns.length} cells, one per column`);
  return { columns, rows };
}

function readJson(text: string): Table {
  const found: unknown = JSON.parse(text);
  if (Array.isArray(found) && found.every(isObject)) {
    const columns = [...new Set(found.flatMap((row) => Object.keys(row)))];
    return { columns, rows: found.map((row) => columns.map((column) => row[column])) };
  }
  const { columns, rows } = isObject(found) ? found : {};
  if (Array.isArray(columns) && Array.isArray(rows) && rows.every(Array.isArray))
    return { columns: columns.map(String), rows };
  throw new Error("it is neither a list of objects nor an object with the lists columns and rows");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
