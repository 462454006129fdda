import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { readReport } from "./connect.ts";

test("a report is a file of its shape that is not too large; a link is none, wherever it leads", () => {
  const folder = mkdtempSync(join(tmpdir(), "modelhub-report-"));
  const [file, link] = [join(folder, "report.json"), join(folder, "link.json")];
  writeFileSync(file, "[1]");
  symlinkSync(file, link);
  const read = (path: string, maxBytes = 3) => readReport(path, z.array(z.number()), maxBytes);
  expect(read(file)).toEqual([1]);
  expect(read(file, 2)).toBeUndefined();
  expect(read(link, 1000)).toBeUndefined();
  rmSync(folder, { recursive: true });
});
