import { expect, test } from "vitest";
import { parsePlain } from "./plain-json.ts";
import { goJson } from "./swap.ts";

const parse = (text: string) => parsePlain(text, "the config");

test("takes what BuildKit writes, on one line and on many", () => {
  const value = { created_by: "RUN a && b <c>", layers: [1, null] };
  expect(parse(goJson(value))).toEqual(value);
  expect(parse(goJson(value, 2))).toEqual(value);
});

test.each([
  '{"OnBuild":["RUN evil"],"OnBuild":[]}',
  '{"config":{},"Config":{"OnBuild":[]}}',
  '{"\\u006fnbuild":[]}',
])("refuses a key that readers could take for another: %s", (text) => {
  expect(() => parse(text)).toThrow(/^the config: expected (JSON as BuildKit|each key once)/);
});
