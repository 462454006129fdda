import type { Row } from "./goals.ts";

const heads = ["goal", "ours", "peer", "theirs", "ratio", "wanted", ""];

/** The rows as lines of text, numbers to the right. */
export function table(rows: Row[]): string {
  const cells = [heads, ...rows.map(cellsOf)];
  const widths = heads.map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const isText = [true, false, true, false, false, false, true];
  return cells
    .map((row) =>
      row
        .map((cell, at) =>
          isText[at] ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cellsOf({ title, ours, peer, theirs, ratio, limit, met }: Row): string[] {
  const verdict = met === null ? "not measured" : met ? "met" : "NOT MET";
  const factor = ratio === null ? "" : `${short(ratio)}x`;
  return [title, short(ours), peer, short(theirs), factor, limit, verdict];
}

/** Three digits of a number that has a fraction. */
function short(value: number | null): string {
  if (value === null) return "";
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return value.toPrecision(3);
}
