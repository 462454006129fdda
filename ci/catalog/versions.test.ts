import { expect, test } from "vitest";
import type { CatalogVersion } from "#schema/catalog.ts";
import { newest } from "./versions.ts";

const built = {} as NonNullable<CatalogVersion["built"]>;
const page = (version: string, more: Partial<CatalogVersion> = {}) =>
  ({ version, ...more }) as CatalogVersion;

test.each([
  ["the newest that is built", [page("3"), page("2", { built }), page("1", { built })], "2"],
  ["none that was yanked", [page("3", { built, yanked: "bad" }), page("2", { built })], "2"],
  ["one that waits, where no other is good", [page("2", { built, yanked: "bad" }), page("1")], "1"],
  ["a yanked one, where there is no other", [page("1", { built, yanked: "bad" })], "1"],
])("who names no version gets %s", (_, pages, version) => {
  expect(newest(pages).version).toBe(version);
});
