import { expect, test } from "vitest";
import { parse } from "yaml";
import { yaml } from "./yaml.ts";

test("is what people write by hand", () => {
  const people = [{ name: "Ada Lovelace", orcid: "0000-0002-1825-0097" }, { name: "C. No" }];
  expect(
    yaml({ title: "A: b", people, tags: ["cell", "on"], size: { bytes: 5 }, none: [] }),
  ).toBe(`title: "A: b"
people:
- name: Ada Lovelace
  orcid: "0000-0002-1825-0097"
- name: "C. No"
tags:
- cell
- "on"
size:
  bytes: 5
none: []
`);
});

test.each([
  ["words that YAML takes for something else", ["no", "Null", "~", "1e3", "0x1f", "12:30", "-"]],
  ["signs of YAML in a text", ["a: b", "a #b", "- a", "&a", "*a", "!a", "|", ">", "%", "@", "`"]],
  ["quotes, lines and control signs", ['"', "'", "a\nb\r\n", "\t", "\u0000\u0085\u2028\ufeff\\"]],
  ["empty things", ["", [], {}, null, { a: [], b: {} }]],
  ["lists in lists", [[1, [2, [{ a: [3] }]]], [[]]]],
  ["keys of any kind", { "a b": 1, "": 2, no: 3, "x:y": { z: [{ "1": true }] } }],
])("a reader of YAML gets back %s", (_, value) => {
  expect(parse(yaml(value))).toEqual(value);
  // Many programs still read the older YAML, where no and on are truth values.
  expect(parse(yaml(value), { version: "1.1" })).toEqual(value);
});

test("leaves out what is undefined", () => {
  expect(yaml({ a: 1, b: undefined })).toBe("a: 1\n");
});
