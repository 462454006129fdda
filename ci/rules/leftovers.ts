import { readFileSync } from "node:fs";
import { join } from "node:path";
import template from "../../contrib-template/modelhub.json" with { type: "json" };
import { configFile } from "../contribution.ts";
import { root } from "../home.ts";
import { quote } from "../problems.ts";
import { hasFile, inConfig } from "./folder.ts";
import type { ContributionRule, EntryRule } from "./rule.ts";

/**
 * Nothing that a model says of itself is still the template's. The registry's own repository may say it,
 * and so may a copy in which nothing was changed yet, until it is registered.
 */
export const templateIsReplaced: ContributionRule = ({ contribution, entry, isOurs }) => {
  const { parts, configText, folder, shown } = contribution;
  if (isOurs || (!entry && configText === templateText)) return [];
  // Where nothing of the config can be read, that comes first.
  if (Object.keys(parts).length === 0) return [];
  // Another model of the same digits rightly names the same data.
  const readsDigits = parts.outputs?.some(({ id }) => id === template.outputs[0]?.id) ?? true;
  const texts = new Set(readsDigits ? ofModel.texts : [...ofModel.texts, ...ofData.texts]);
  const files = readsDigits ? ofModel.files : [...ofModel.files, ...ofData.files];
  return [
    ...textsIn(parts)
      .filter(([, text]) => texts.has(text))
      .map(([key, text]) =>
        inConfig(contribution, { key, expected: own, got: `the template's ${quote(text)}` }),
      ),
    ...files
      .filter((path) => hasFile(contribution, path) && isTemplates(path, folder))
      .map((path) => ({
        file: join(shown, path),
        expected: own,
        got: "the template's text",
        hint: "write your own, or take the file out",
      })),
  ];
};

/** Nothing waits to be filled in: no `TODO`, no DOI that is only ever an example. */
export const formIsFilledIn: ContributionRule = ({ contribution }) =>
  textsIn(contribution.parts)
    .filter(([, text]) => placeholders.some((pattern) => pattern.test(text)))
    .map(([key, text]) =>
      inConfig(contribution, {
        key,
        expected: own,
        got: `${quote(text)}, a placeholder`,
        hint: "take the key out where there is nothing to say",
      }),
    );

/** The two files of an entry name their own repository and people, not those that the guide shows. */
export const guideIsReplaced: EntryRule = ({ registry }) =>
  registry.entries.flatMap(({ model, source, files }) => [
    ...textsIn(model)
      .filter(([, text]) => guides.test(text))
      .map(([key, text]) => ({ file: files.model, key, expected: own, got: guideWord(text) })),
    ...textsIn(source)
      .filter(([, text]) => guides.test(text))
      .map(([key, text]) => ({ file: files.source, key, expected: own, got: guideWord(text) })),
  ]);

const own = "what is true of your model";
const home = join(root, "contrib-template");
const templateText = readFileSync(join(home, configFile), "utf8");

/** What the template says that holds for its own model alone. */
const ofModel = {
  texts: textsOf(template, ["id", "title", "summary", "description", "authors", "use"]).concat(
    template.weights.map(({ sha256 }) => sha256),
    template.evaluation.map(({ dataset }) => dataset),
  ),
  files: ["README.md", "licenses/weights.txt"],
};

/** What it says of the digits that it was trained on. */
const ofData = {
  texts: [
    ...[...template.inputs, ...template.outputs].map(({ description }) => description),
    ...template.samples.flatMap(({ title, credit }) => [title, credit]),
    ...template.publications.map(({ title }) => title),
    ...template.provenance.trainedOn.map(({ name }) => name),
  ],
  files: ["licenses/samples.txt"],
};

const placeholders = [
  /^(TODO|FIXME)\b/,
  /^(todo|tbd|fixme|xxx+|\.\.\.|…|<.*>)$/i,
  /lorem ipsum/i,
  // 10.5555 is Crossref's prefix for tests, 10.1234 what guides write.
  /^10\.(1234|5555)\//,
  /^10\.5281\/zenodo\.(0+|x+|1234567)$/i,
];

/** `YOU`, and the commit of contrib-template/README.md. */
const guides = /^YOU$|\/YOU\/|^0123456789abcdef/;

const guideWord = (text: string): string => `the guide's ${quote(text)}`;

function textsOf(document: object, keys: readonly string[]): string[] {
  const chosen = Object.entries(document).filter(([key]) => keys.includes(key));
  return textsIn(Object.fromEntries(chosen)).map(([, text]) => text);
}

/** Every text of a document by its key; a person is one, by given name and family name. */
function textsIn(value: unknown, key = ""): [string, string][] {
  if (typeof value === "string") return [[key, value]];
  if (Array.isArray(value))
    return value.flatMap((item, index) => textsIn(item, `${key}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  if ("given" in value && "family" in value) return [[key, `${value.given} ${value.family}`]];
  return Object.entries(value).flatMap(([name, item]) =>
    textsIn(item, key === "" ? name : `${key}.${name}`),
  );
}

function isTemplates(path: string, folder: string): boolean {
  const text = (place: string) => readFileSync(join(place, path));
  return text(folder).equals(text(home));
}
