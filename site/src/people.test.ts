import { expect, test } from "vitest";
import { models } from "../e2e/catalog.ts";
import type { VersionPage } from "./catalog.ts";
import { type Person, peopleOf } from "./people.ts";
import { worksOf } from "./works.ts";

/** Pages of models with the given authors, one list for each. */
function pagesOf(...authors: Person[][]): VersionPage[] {
  return authors.map((list) => {
    const model = structuredClone(models[0]?.versions[0]);
    if (!model?.built) throw new Error("the first model of the catalog is built");
    model.built.record.config.authors = list;
    return {
      model,
      card: models[0]?.card,
      newest: model.version,
      siblings: [],
      successor: undefined,
    };
  });
}

const ada = { given: "Ada", family: "Lindqvist" };

test("what two configs know of a person comes together", () => {
  const affiliation = { name: "Institute 1" };
  const people = peopleOf(
    pagesOf([{ ...ada, orcid: "0000-0002-1825-0097" }], [{ ...ada, affiliation }]),
  );
  expect(people.get("ada-lindqvist")).toEqual({
    ...ada,
    orcid: "0000-0002-1825-0097",
    affiliation,
  });
});

test("of two people with one name nothing is said", () => {
  const [one, other] = ["0000-0002-1825-0097", "0000-0001-5109-3700"];
  const people = peopleOf(pagesOf([{ ...ada, orcid: one }], [{ ...ada, orcid: other }], [ada]));
  expect(people.size).toBe(0);
});

test("publications come once, newest first, with every model that names them", () => {
  const [page] = pagesOf([ada]);
  if (!page?.card || !page.model.built) throw new Error("the first model has a card");
  const old = { title: "Old", year: 1998 };
  page.model.built.record.config.publications = [
    old,
    { title: "New", year: 2025, arxiv: "2501.00001v2" },
  ];
  const other = structuredClone(page);
  if (other.card) other.card.id = "other";
  if (other.model.built)
    other.model.built.record.config.publications = [{ title: "New, again", arxiv: "2501.00001" }];
  const works = worksOf([page, other]);
  expect(works.map(({ publication, models }) => [publication.title, models.length])).toEqual([
    ["New", 2],
    ["Old", 1],
  ]);
});
