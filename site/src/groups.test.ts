import { expect, test } from "vitest";
import { catalog } from "../e2e/catalog.ts";
import { groupBy, slugOf } from "./groups.ts";

test("models stand under each of their people once, by name", () => {
  const people = groupBy(catalog.models, ({ authors }) => authors);
  const tan = people.find(({ slug }) => slug === "mingxing-tan");
  expect(tan?.cards.map(({ id }) => id)).toEqual(["efficientnet-lite0"]);
  const wu = people.find(({ slug }) => slug === "chimamanda-wu");
  expect(wu?.cards).toHaveLength(1);
  expect(people.map(({ name }) => name)).toEqual(
    people.map(({ name }) => name).toSorted((a, b) => a.localeCompare(b, "en")),
  );
});

test.each([
  ["Bartholomäus García", "bartholomaus-garcia"],
  ["O'Hara_{}", "o-hara"],
  ["山田 太郎", "山田-太郎"],
  ["---", "unnamed"],
])("the address of %s is %s", (name, slug) => expect(slugOf(name)).toBe(slug));
