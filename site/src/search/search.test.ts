import { beforeAll, describe, expect, test } from "vitest";
import { catalog } from "../../e2e/catalog.ts";
import { completions } from "./complete.ts";
import { facets, optionsOf, type Sort } from "./fields.ts";
import { readFilter } from "./filter.ts";
import { Search } from "./search.ts";

const search = new Search();
beforeAll(() => search.add(catalog.models));

function find(query: string, chosen: { [facet: string]: string } = {}, sort: Sort = "best") {
  return search.find({ query, chosen: new Map(Object.entries(chosen)), sort });
}
const ids = (...asked: Parameters<typeof find>) => find(...asked).models.map(({ id }) => id);

describe("words", () => {
  test.each([
    ["SILERO", "silero-vad"],
    ["iandola", "squeezenet"],
    ["voice speech", "silero-vad"],
    ["zoe", "cell-counter"],
    ["squeez", "squeezenet"],
    ["sq", "squeezenet"],
    ["voice sp", "silero-vad"],
  ])("%s finds %s", (query, id) => expect(ids(query)).toEqual([id]));

  test("a title comes before a summary that has the word", () => {
    expect(ids("efficientnet")[0]).toBe("efficientnet-lite0");
  });

  test("a typing error finds what is near, and says so", () => {
    expect(find("sqeezenet")).toMatchObject({ isNear: true, models: [{ id: "squeezenet" }] });
    expect(find("squeezenet").isNear).toBe(false);
  });
});

describe("filters", () => {
  test.each([
    ["task=voice-activity-detection", ["silero-vad"]],
    ['task="Voice activity detection"', ["silero-vad"]],
    ["size>1GB", ["general-purpose-self-supervised-embeddings-of-very-large-images"]],
    ["latency<10ms", ["silero-vad"]],
    ["top1>0.7", ["efficientnet-lite0"]],
    ["top1>75.2%", []],
    ["commercial=no license~cc", ["cell-counter"]],
    ["image-classification && memory<2GB && top1>=0.751", ["efficientnet-lite0"]],
    ["name=squeezenet || name~silero", ["silero-vad", "squeezenet"]],
    ["!(task=image-classification || status=waiting) && year=2024", ["silero-vad"]],
    ["!parameters>0", ["leaf-disease"]],
    [
      "photograph && !alexnet",
      ["efficientnet-lite0", "general-purpose-self-supervised-embeddings-of-very-large-images"],
    ],
  ])("%s", (query, expected) => expect(ids(query).toSorted()).toEqual(expected));

  test.each([
    ["memry<2GB", "“memry” is nothing that can be filtered by; did you mean “memory”?"],
    ["memory<", "“memory<” wants a value, such as memory<2GB or task=segmentation."],
    ["memory<big", "memory takes a size such as 500MB or 2GB, got “big”."],
    ["task<3", "task holds words, so it takes =, != or ~ (contains), not “<”."],
    ["year~20", "year is a number, so it takes =, !=, <, <=, > or >=, not “~”."],
    ["(cell", "A “(” is not closed: a “)” is missing."],
    ["cell)", "There is a “)” without a “(” before it."],
    ["cell &&", "A word or a filter such as memory<2GB should stand after “&&”, got the end."],
    ["|| cell", "A word or a filter such as memory<2GB should stand at the start, got “||”."],
  ])("%s is answered by a sentence", (query, message) => {
    expect(() => readFilter(query)).toThrow(message);
  });

  test.each(["R&D", "a | b", "C++", "what?!", '"', "&", "50%"])("%s is a word", (query) => {
    expect(() => find(query)).not.toThrow();
  });
});

test("facets narrow, and each counts what its other options would give", () => {
  const { models, count } = find("", { task: "image-classification", license: "Apache-2.0" });
  expect(models.map(({ id }) => id)).toEqual(["efficientnet-lite0"]);
  const licenses = ["Apache-2.0", "BSD-2-Clause", "CC-BY-NC-4.0", "MIT"];
  expect(licenses.map((license) => count("license", license))).toEqual([1, 1, 1, 0]);
});

test("an option's count is how many models it would leave, beside what is chosen elsewhere", () => {
  const chosen = { task: "image-classification", license: "Apache-2.0" };
  const { count } = find("", chosen);
  const options = facets.flatMap((facet) =>
    optionsOf(facet, catalog.models).map(({ value }) => ({ facet: facet.name, value })),
  );
  expect(find("").count("task", "image-classification")).toBe(3);
  for (const { facet, value } of options)
    expect([facet, value, count(facet, value)]).toEqual([
      facet,
      value,
      find("", { ...chosen, [facet]: value }).models.length,
    ]);
});

test("a limit takes all that lies within", () => {
  expect(ids("", { size: "100000000" })).toEqual([
    "cell-counter",
    "efficientnet-lite0",
    "squeezenet",
  ]);
  const exact = catalog.models.map((model) => ({ ...model, bytes: 100_000_000 }));
  const options = facets.find(({ name }) => name === "size");
  expect(options && exact.every((model) => options.valuesOf(model).includes("100000000"))).toBe(
    true,
  );
});

test("a model that waits for its build answers to no other status", () => {
  expect(ids("", { status: "waiting" })).toEqual(["leaf-disease"]);
  expect(ids("", { status: "active" })).not.toContain("leaf-disease");
});

test("sorts by what was measured; what is not known comes last", () => {
  const order = ids("", {}, "latency");
  expect(order[0]).toBe("silero-vad");
  expect(order.at(-1)).toBe("leaf-disease");
});

test("completes names of fields and their values, the commonest first", () => {
  expect(completions("cell && mem", catalog.models)).toEqual(["cell && memory<"]);
  expect(completions("task=", catalog.models)[0]).toBe("task=image-classification");
  expect(completions("framework=onnx", catalog.models)).toEqual(['framework="ONNX Runtime"']);
  expect(completions("memory<", catalog.models)).toEqual([]);
});

test("what stands before stays, and no more is offered than one can look over", () => {
  expect(completions("cell && framework=onnx", catalog.models)).toEqual([
    'cell && framework="ONNX Runtime"',
  ]);
  const many = Array.from({ length: 20 }, (_, at) => ({
    ...(catalog.models[0] as (typeof catalog.models)[0]),
    id: `model-${at}`,
  }));
  expect(completions("id=model", many)).toHaveLength(8);
});
