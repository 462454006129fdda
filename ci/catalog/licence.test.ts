import { expect, test } from "vitest";
import { allowsCommercialUse } from "./licence.ts";

test.each([
  ["Apache-2.0", true],
  ["CC-BY-NC-4.0", false],
  ["CC-BY-NC-SA-4.0 OR MIT", true],
  ["MIT AND CC-BY-NC-4.0", false],
  ["PolyForm-Noncommercial-1.0.0", false],
  ["LicenseRef-Research-Only", false],
  ["GPL-2.0-only WITH Classpath-exception-2.0", true],
  ["no licence at all", false],
])("commercial use under %s: %s", (expression, expected) => {
  expect(allowsCommercialUse(expression)).toBe(expected);
});
