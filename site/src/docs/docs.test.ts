import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { Nodes } from "mdast";
import { markdownToMdast } from "satteri";
import { beforeAll, describe, expect, test } from "vitest";
import { root } from "#ci/home.ts";
import { Benchmark } from "#schema/benchmark.ts";
import { Model, Source } from "#schema/entry.ts";
import type { Verb } from "../../../client/reference.ts";
import { guides } from "./guides.ts";
import { keysOf } from "./keys.ts";

const whole = guides.filter(({ section }) => section === undefined).map(({ file }) => file);
const files = [
  "README.md",
  "CONTRIBUTING.md",
  "registry/README.md",
  "engine-image/README.md",
  ...whole,
];

describe.each(files)("%s", (file) => {
  const nodes = allNodes(markdownToMdast(readFileSync(join(root, file), "utf8")) as Nodes);
  let verbs: Verb[];
  beforeAll(async () => {
    const { stdout } = await execa(process.execPath, [
      join(root, "client", "main.ts"),
      "reference",
    ]);
    verbs = JSON.parse(stdout);
  });

  test("names only verbs and options that the program has", () => {
    const wrong = commandsIn(nodes).filter(([verb = "", ...rest]) => {
      const known = verbs.find(({ name }) => name === verb);
      const flags = known?.options.flatMap((option) => option.flags.match(/--?[a-z-]+/g) ?? []);
      return rest.some((word) => /^--?[a-z]/.test(word) && !flags?.includes(word)) || !known;
    });
    expect(wrong).toEqual([]);
  });

  test("links only to files that are there", () => {
    const links = nodes.flatMap((node) => (node.type === "link" ? [node.url] : []));
    const missing = links
      .filter((url) => !/^(https?:|#)/.test(url))
      .filter((url) => !existsSync(join(root, dirname(file), url.split("#")[0] ?? "")));
    expect(missing).toEqual([]);
  });
});

test("the entry that the contributing guide shows is one that the registry takes", () => {
  const text = readFileSync(join(root, "contrib-template/README.md"), "utf8");
  const [model, source] = allNodes(markdownToMdast(text) as Nodes).flatMap((node) =>
    node.type === "code" && node.lang === "json" ? [JSON.parse(node.value)] : [],
  );
  expect(Model.safeParse(model).error).toBeUndefined();
  expect(Source.safeParse(source).error).toBeUndefined();
});

test("the benchmark that the measuring guide shows is one that the registry takes", () => {
  const text = readFileSync(join(root, "site/docs/measure.md"), "utf8");
  const [benchmark] = allNodes(markdownToMdast(text) as Nodes).flatMap((node) =>
    node.type === "code" && node.lang === "json" ? [JSON.parse(node.value)] : [],
  );
  expect(Benchmark.safeParse(benchmark).error).toBeUndefined();
});

test("the reference has every key, at every depth, once", () => {
  const paths = keysOf("config").map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(["id", "inputs[].axes[].size.min", "provenance.training.epochs"]),
  );
  expect(new Set(paths).size).toBe(paths.length);
  expect(keysOf("config").find(({ path }) => path === "id")?.isRequired).toBe(true);
  expect(keysOf("config").find(({ path }) => path === "tags")?.isRequired).toBe(false);
});

function allNodes(node: Nodes): Nodes[] {
  return [node, ...("children" in node ? node.children.flatMap(allNodes) : [])];
}

/** What follows `modelhub` on a command line, in blocks and in running text. */
function commandsIn(nodes: Nodes[]): string[][] {
  const texts = nodes.flatMap((node) =>
    node.type === "code" || node.type === "inlineCode" ? [node.value] : [],
  );
  return texts.flatMap((text) =>
    [...text.matchAll(/(?:npx modelhub|scripts\/modelhub|^modelhub) ([a-z][^|\n`]*)/gm)].map(
      ([, rest = ""]) => rest.trim().split(/\s+/),
    ),
  );
}
