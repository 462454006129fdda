import { existsSync } from "node:fs";
import { extname, join } from "node:path";
import type { Contribution } from "../contribution.ts";
import { sha256 } from "../files.ts";
import { nearest } from "../nearest.ts";
import { type Problem, quote } from "../problems.ts";
import { hasFile, inConfig, runtimeFolders } from "./folder.ts";
import type { ContributionRule } from "./rule.ts";

/** The folder is the model that the entry names. */
export const idMatchesEntry: ContributionRule = ({ contribution, entry }) => {
  const { id } = contribution.parts;
  if (!entry || id === undefined || id === entry.id) return [];
  return [
    inConfig(contribution, {
      key: "id",
      expected: `${quote(entry.id)}, as the registry's folder is named`,
      got: quote(id),
      hint: "ids never change; a renamed model is a new entry, and the old one names it as successor",
    }),
  ];
};

/** Who reads the list and who opens the model see one name. */
export const titleMatchesEntry: ContributionRule = ({ contribution, entry }) => {
  const { title } = contribution.parts;
  if (!entry || title === undefined || title === entry.model.title) return [];
  return [
    {
      file: entry.files.model,
      key: "title",
      expected: `${quote(title)}, as in the model's config`,
      got: quote(entry.model.title),
      hint: "write the same title in both",
    },
  ];
};

/** What was reviewed is what is there. */
export const configMatchesSource: ContributionRule = ({ contribution, entry }) => {
  const declared = entry?.source.configSha256;
  const actual = sha256(contribution.configText);
  if (!entry || declared === undefined || declared === actual) return [];
  return [
    {
      file: entry.files.source,
      key: "configSha256",
      expected: `${actual}, the hash of modelhub.json at the revision`,
      got: declared,
      hint: "check that the revision is the commit that you mean",
    },
  ];
};

/** An id names one thing in its list. */
export const idsAreUnique: ContributionRule = ({ contribution }) => {
  const { weights, inputs, outputs, samples } = contribution.parts;
  return Object.entries({ weights, inputs, outputs, samples }).flatMap(([list, items = []]) =>
    items.flatMap(({ id }, index) => {
      const first = items.findIndex((item) => item.id === id);
      if (first === index) return [];
      const fact = {
        expected: "an id of its own",
        got: `${quote(id)}, the id of ${list}[${first}]`,
      };
      return [inConfig(contribution, { key: `${list}[${index}].id`, ...fact })];
    }),
  );
};

/** Files that the config names are in the folder. */
export const pathsExist: ContributionRule = ({ contribution }) => {
  const { parts } = contribution;
  const entrypoint = parts.model && (parts.model.entrypoint ?? "model.py");
  const onnx = parts.weights?.filter(({ format }) => format === "onnx");
  // Without code, ONNX Runtime runs the one ONNX file between the named operations.
  const needsCode = parts.model?.entrypoint !== undefined || (onnx && onnx.length !== 1);
  const paths: [string, string | undefined, string, string?][] = [
    ...[...runtimeFolders(contribution)].map(([key, folder]): (typeof paths)[number] => [
      key,
      folder && `${folder}/Dockerfile`,
      "the Dockerfile of the runtime image",
    ]),
    [
      "model.entrypoint",
      needsCode ? entrypoint : undefined,
      "the Python file with load and infer",
      "add the file, or correct the path; only a model of one ONNX file does without",
    ],
    ...(parts.weights ?? []).flatMap(({ path, source }, index): typeof paths =>
      source === undefined && path !== undefined
        ? [[`weights[${index}].path`, path, "a weights file in the folder"]]
        : [],
    ),
    ...(parts.samples ?? []).flatMap(({ inputs, expected }, index): typeof paths => [
      ...Object.entries(inputs).map(([id, path]): (typeof paths)[number] => [
        `samples[${index}].inputs.${id}`,
        path,
        "a sample file in the folder",
      ]),
      [
        `samples[${index}].expected`,
        expected,
        "a file with the expected outputs",
        "`npx modelhub samples FOLDER --write` writes what the model gives",
      ],
    ]),
  ];
  const nowhere = (parts.weights ?? []).flatMap(({ path, source }, index) =>
    path === undefined && source === undefined
      ? [
          inConfig(contribution, {
            key: `weights[${index}]`,
            expected: "a path or a source",
            got: "neither",
            hint: "path names a file in this folder, source where else it can be had",
          }),
        ]
      : [],
  );
  return [
    ...nowhere,
    ...paths.flatMap(([key, path, what, hint]) => missing(contribution, key, path, what, hint)),
  ];
};

function missing(
  contribution: Contribution,
  key: string,
  path: string | undefined,
  what: string,
  hint = "add the file, or correct the path",
): Problem[] {
  if (path === undefined || hasFile(contribution, path)) return [];
  const names = contribution.files.map((file) => file.path);
  const meant = nearest(
    path,
    names.filter((name) => extname(name) === extname(path)),
  );
  // macOS writes an accent as a character of its own, which nobody sees.
  const isAlike = names.some((name) => name.normalize() === path.normalize());
  const isIgnored = existsSync(join(contribution.folder, path));
  return [
    inConfig(contribution, {
      key,
      expected: what,
      got: `${quote(path)}, which is ${isIgnored ? "no file that git keeps" : "not there"}`,
      hint: isIgnored
        ? "see .gitignore: what git leaves out, nobody else gets"
        : isAlike
          ? "a file's name looks the same, with other characters for its accents: name it in ASCII"
          : meant
            ? `did you mean ${quote(meant)}?`
            : hint,
    }),
  ];
}
