import type { Output } from "#schema/config.ts";
import { Prediction } from "#schema/record.ts";
import { fileOf, isArray, readArray } from "../arrays.ts";
import type { Contribution } from "../contribution.ts";
import { type Problem, quote, show } from "../problems.ts";
import { dotted } from "../shape.ts";
import { hasFile } from "./folder.ts";

type Part = Omit<Problem, "file">;

/** What is wrong with the value that a sample's expected file has for an output. */
export function expectedProblems(
  contribution: Contribution,
  output: Output,
  value: unknown,
): Part[] {
  const { id, type } = output;
  if (value === undefined)
    return [{ key: id, expected: `the ${contents[type]} of output ${quote(id)}`, got: "nothing" }];
  if (type === "label_list") return labelProblems(id, value);
  if (!isArray(output)) return formProblems(output, value);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? fileProblems(contribution, output, value) : arrayProblems(output, value);
}

const contents: Record<Output["type"], string> = {
  label_list: "labels and probabilities",
  vector: "numbers",
  mask: "numbers",
  heatmap: "numbers",
  image: "numbers",
  bounding_boxes: "boxes",
  keypoints: "points",
  contour: "outlines",
  text: "text",
  table: "columns and rows",
  custom: "value",
};

const forms: Partial<Record<Output["type"], string>> = {
  bounding_boxes: 'a list of {"label": …, "score": …, "box": [xmin, ymin, xmax, ymax]}',
  keypoints: 'a list of {"name": …, "point": [x, y]}',
  contour: 'a list of {"points": [[x, y], …], "closed": …}',
  text: "a text",
  table: 'an object with "columns" and "rows"',
};

/** The value must have the form that replies have. */
function formProblems({ id, type, columns }: Output, value: unknown): Part[] {
  const result = Prediction.safeParse({ name: id, type, shape: [], prediction: value });
  const [issue] = result.error?.issues ?? [];
  if (issue) {
    const path = issue.path.slice(1);
    const got = path.reduce<unknown>((inner, step) => (inner as never)?.[step], value);
    return [
      { key: dotted([id, ...path]), expected: forms[type] ?? "another value", got: show(got) },
    ];
  }
  if (type !== "table") return [];
  const table = value as { columns: string[]; rows: unknown[][] };
  const uneven = table.rows.findIndex((row) => row.length !== table.columns.length);
  if (uneven >= 0)
    return [
      {
        key: `${id}.rows[${uneven}]`,
        expected: `${table.columns.length} values, one a column`,
        got: `${table.rows[uneven]?.length}`,
      },
    ];
  if (!columns || columns.join() === table.columns.join()) return [];
  return [{ key: `${id}.columns`, expected: columns.join(", "), got: table.columns.join(", ") }];
}

function fileProblems(contribution: Contribution, output: Output, value: object): Part[] {
  const key = `${output.id}.file`;
  const path = fileOf(output, value);
  if (path === undefined || !hasFile(contribution, path)) {
    const { file } = value as { file?: unknown };
    return [{ key, expected: "a .npy file of this folder", got: show(file), hint: npyHint }];
  }
  const array = readArray(contribution.folder, path);
  if (!array) return [{ key, expected: "an array in .npy form", got: quote(path), hint: npyHint }];
  const bad = firstNonFinite(array.data);
  if (bad !== undefined)
    return [{ key, expected: "finite numbers", got: `${array.data[bad]} as number ${bad}` }];
  return shapeProblems(output, array.shape);
}

function firstNonFinite(numbers: ArrayLike<number>): number | undefined {
  for (let at = 0; at < numbers.length; at += 1) if (!Number.isFinite(numbers[at])) return at;
  return undefined;
}

const npyHint = "`numpy.save` writes it; numbers nested in lists do as well";

const labelForm = 'a list of {"label": …, "probability": …}';

function labelProblems(id: string, value: unknown): Part[] {
  if (!Array.isArray(value) || value.length === 0)
    return [{ key: id, expected: labelForm, got: show(value) }];
  const problems = value.flatMap((item: unknown, index): Part[] => {
    const { label, probability } = (item ?? {}) as Record<string, unknown>;
    const key = `${id}[${index}]`;
    const found: Part[] = [];
    if (typeof label !== "string" || label === "")
      found.push({ key: `${key}.label`, expected: "a text", got: show(label) });
    if (typeof probability !== "number" || !(probability >= 0 && probability <= 1))
      found.push({
        key: `${key}.probability`,
        expected: "a number from 0 to 1",
        got: show(probability),
      });
    return found;
  });
  if (problems.length > 0) return problems;
  const items = value as { label: string; probability: number }[];
  const sum = items.reduce((total, { probability }) => total + probability, 0);
  const unsorted = items.findIndex(
    ({ probability }, index) => probability > (items[index - 1]?.probability ?? 1),
  );
  // Rounding in single precision may lift the sum a little.
  if (sum > 1.0001)
    problems.push({
      key: id,
      expected: "probabilities that sum to at most 1",
      got: `${Number(sum.toPrecision(6))}`,
    });
  if (unsorted >= 0)
    problems.push({
      key: `${id}[${unsorted}].probability`,
      expected: "the likeliest labels first",
      got: `${items[unsorted]?.probability} after ${items[unsorted - 1]?.probability}`,
    });
  return problems;
}

function arrayProblems(output: Output, value: unknown): Part[] {
  const shape: number[] = [];
  for (let inner = value; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
  const problem = nested(value, shape, 0, output.id);
  return problem ? [problem] : shapeProblems(output, shape);
}

/** The sizes must be those of the axes that the config declares. */
function shapeProblems({ id, axes }: Output, shape: readonly number[]): Part[] {
  if (!axes) return [];
  if (axes.length !== shape.length)
    return [
      {
        key: id,
        expected: `numbers nested ${axes.length} deep (${axes.map(({ name }) => name).join(", ")})`,
        got: `${shape.length} deep`,
      },
    ];
  return axes.flatMap(({ name, size }, axis) =>
    typeof size === "number" && size !== shape[axis]
      ? [{ key: id, expected: `${size} along ${name}`, got: `${shape[axis]}` }]
      : [],
  );
}

/** The first place where a value is no array of finite numbers of one shape. */
function nested(value: unknown, shape: number[], depth: number, key: string): Part | undefined {
  const length = shape[depth];
  if (length === undefined) {
    if (typeof value === "number" && Number.isFinite(value)) return undefined;
    return { key, expected: "a finite number", got: show(value) };
  }
  if (!Array.isArray(value)) return { key, expected: `a list of ${length}`, got: show(value) };
  if (value.length !== length)
    return { key, expected: `a list of ${length}, as beside it`, got: `a list of ${value.length}` };
  for (const [index, inner] of value.entries()) {
    const problem = nested(inner, shape, depth + 1, `${key}[${index}]`);
    if (problem) return problem;
  }
  return undefined;
}
