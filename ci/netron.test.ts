import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { netronFolder, tamed } from "./netron.ts";

const page = `<meta name="viewport" content="width=device-width, maximum-scale=1.0, user-scalable=no">
<meta http-equiv="Content-Security-Policy" content="script-src 'self'">
<meta name="version" content="9.3.3">
<meta name="date" content="2026-10-23 19:50:08">
<script type="text/javascript" src="index.js"></script>`;

test("Netron's page reports nothing, never asks for an update, and reaches its own host alone", () => {
  const text = tamed(page);
  expect(text).toContain('<meta name="version" content="0.0.0">');
  expect(text).toContain('<meta name="date" content="">');
  expect(text).toContain("connect-src 'self'");
  expect(text).not.toContain("user-scalable");
  expect(text.indexOf("tame.js")).toBeLessThan(text.indexOf("index.js"));
});

test("a page that has changed is not served as it comes", () => {
  expect(() => tamed(page.replace('name="date"', 'name="day"'))).toThrow(
    /has another page than expected: nothing matches .*date/,
  );
});

test("the wheel that is pinned can be tamed, and has what its page asks for", async () => {
  const folder = await netronFolder();
  if (folder === undefined) return expect.fail("expected a Python with pip, as set-up brings it");
  expect(readFileSync(join(folder, "index.html"), "utf8")).toContain('src="tame.js"');
  for (const part of ["view.js", "onnx.js", "onnx-metadata.json", "tame.js"])
    expect(readFileSync(join(folder, part)).length).toBeGreaterThan(0);
});
