import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { extname, join } from "node:path";
import type { Input } from "#schema/config.ts";
import type { Contribution } from "../contribution.ts";
import { parseJson } from "../json.ts";
import { nearest } from "../nearest.ts";
import { type Problem, quote, show } from "../problems.ts";
import { expectedProblems } from "./expected.ts";
import { hasFile, inConfig, plain } from "./folder.ts";
import type { ContributionRule } from "./rule.ts";

/** Every sample has a file for every input, of a type that the input accepts, and for nothing else. */
export const sampleInputsComplete: ContributionRule = ({ contribution }) => {
  const { inputs, samples = [] } = contribution.parts;
  if (!inputs) return [];
  const ids = inputs.map(({ id }) => id);
  return samples.flatMap((sample, index) => {
    const missing = ids
      .filter((id) => !Object.hasOwn(sample.inputs, id))
      .map((id) => ({ key: `samples[${index}].inputs.${id}`, expected: "a file", got: "nothing" }));
    const given = Object.entries(sample.inputs).flatMap(([id, path]) => {
      const key = `samples[${index}].inputs.${id}`;
      const input = inputs.find((one) => one.id === id);
      if (!input) return [unknownId(key, id, ids, "input")];
      return hasFile(contribution, path) ? typeProblems(contribution, key, input, path) : [];
    });
    return [...missing, ...given].map((problem) => inConfig(contribution, problem));
  });
};

/** Every sample says what the model must give for it, in the form that the output has. */
export const sampleHasExpectation: ContributionRule = ({ contribution }) => {
  const { outputs, samples = [] } = contribution.parts;
  if (!outputs) return [];
  const ids = outputs.map(({ id }) => id);
  const files = new Set(samples.map(({ expected }) => plain(expected)));
  return [...files].flatMap((path) => {
    if (!hasFile(contribution, path)) return [];
    const file = `${contribution.shown}/${path}`;
    const { value, problems } = parseJson(
      readFileSync(join(contribution.folder, path), "utf8"),
      file,
    );
    if (problems.length > 0) return problems;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return [{ file, expected: `an object with ${ids.join(", ")}`, got: show(value) }];
    const unknown = Object.keys(value)
      .filter((id) => !ids.includes(id) && !id.startsWith("x-"))
      .map((id) => unknownId(id, id, ids, "output"));
    const known = outputs.flatMap((output) =>
      expectedProblems(contribution, output, (value as Record<string, unknown>)[output.id]),
    );
    return [...known, ...unknown].map((problem) => ({ file, ...problem }));
  });
};

/** A test that no answer can fail tells nothing. */
export const noWideTolerance: ContributionRule = ({ contribution }) =>
  (contribution.parts.outputs ?? []).flatMap(({ type, unit, tolerance }, index) => {
    const { atol = 0, rtol = 0, mismatchedPpm = 0, dice } = tolerance ?? {};
    const key = `outputs[${index}].tolerance`;
    const isProbability = type === "label_list" || /^probabilit/i.test(unit ?? "");
    const problems: Omit<Problem, "file">[] = [];
    if (isProbability && atol >= 0.5)
      problems.push({
        key: `${key}.atol`,
        expected: "less than 0.5 for probabilities",
        got: `${atol}`,
      });
    if (rtol >= 1) problems.push({ key: `${key}.rtol`, expected: "less than 1", got: `${rtol}` });
    if (mismatchedPpm >= 1_000_000)
      problems.push({
        key: `${key}.mismatchedPpm`,
        expected: "less than 1000000, which is all elements",
        got: `${mismatchedPpm}`,
      });
    if (dice === 0) problems.push({ key: `${key}.dice`, expected: "more than 0", got: "0" });
    const hint = "with this, no answer of the model could fail the test";
    return problems.map((problem) => inConfig(contribution, { ...problem, hint }));
  });

function unknownId(key: string, id: string, ids: string[], noun: string): Omit<Problem, "file"> {
  const meant = nearest(id, ids);
  return {
    key,
    expected: `an ${noun} of the config (${ids.join(", ")})`,
    got: quote(id),
    hint: meant && `did you mean ${quote(meant)}?`,
  };
}

function typeProblems(
  contribution: Contribution,
  key: string,
  { kind, mediaTypes }: Input,
  path: string,
): Omit<Problem, "file">[] {
  const type = mediaTypeOf(join(contribution.folder, path));
  if (kind === "array" && type !== numpy)
    return [
      {
        key,
        expected: "a file in .npy form",
        got: `${quote(path)}${type ? ` (${type})` : ""}`,
        hint: "`numpy.save` writes it",
      },
    ];
  // Of a type that has no mark of its own nothing can be said.
  if (kind === "array" || type === undefined || mediaTypes.includes(type)) return [];
  return [{ key, expected: mediaTypes.join(" or "), got: `${quote(path)} (${type})` }];
}

const numpy = "application/x-npy";

/** Types by the bytes that their files start with; a dot stands for any byte. */
const signatures: [RegExp, string][] = [
  [/^\x89PNG\r\n/, "image/png"],
  [/^\xff\xd8\xff/, "image/jpeg"],
  [/^GIF8[79]a/, "image/gif"],
  [/^RIFF....WEBP/s, "image/webp"],
  [/^RIFF....WAVE/s, "audio/wav"],
  [/^BM/, "image/bmp"],
  [/^(II\*|MM.\*)/s, "image/tiff"],
  [/^\x93NUMPY/, numpy],
  [/^.{128}DICM/s, "application/dicom"],
];

const extensions: Record<string, string> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".bmp": "image/bmp",
  ".tif": "image/tiff",
  ".tiff": "image/tiff",
  ".wav": "audio/wav",
  ".dcm": "application/dicom",
};

/** Media type of a file by its first bytes, or by its extension where they say nothing. */
function mediaTypeOf(file: string): string | undefined {
  const head = Buffer.alloc(132);
  const handle = openSync(file, "r");
  const length = readSync(handle, head, 0, head.length, 0);
  closeSync(handle);
  const bytes = head.toString("latin1", 0, length);
  const signed = signatures.find(([pattern]) => pattern.test(bytes))?.[1];
  return signed ?? extensions[extname(file).toLowerCase()];
}
