import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CatalogSample } from "#schema/catalog.ts";
import type { Output } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import { bytes, cell, count, number, percent, words } from "#viewers/format.ts";
import { plot, plotRange, plotWidth } from "#viewers/plot.ts";
import { factsOf, labelsOf, numbersOf, pictureOf, textOf } from "../../src/prediction.ts";
import { sampleNumbers } from "../../src/sample-numbers.ts";

/** A sample with its outputs, drawn as our pages draw them. */
export interface SampleView {
  title: string;
  credit: string | undefined;
  input: string;
  file: string;
  kind: string;
  alt: string;
  image: boolean;
  line?: Line;
  outputs: OutputView[];
}

interface OutputView {
  name: string;
  labels: { label: string; value: string; width: string }[];
  vector?: { max: string; min: string; line: Line; axis: string; reach: string; numbers: string };
  table?: { caption: string; columns: string[]; rows: object[] };
  code?: string | undefined;
  picture?: string | undefined;
  more: string;
  note: string | undefined;
}

interface Line {
  label: string;
  path: string;
  zero: string;
  columns: boolean;
}

const shownLabels = 5;
const shownNumbers = 64;

export function sampleView(
  { title, credit, inputs, outputs }: CatalogSample,
  declared: readonly Output[],
  folder: string,
): SampleView {
  const [input] = inputs;
  if (!input) throw new Error(`sample ${title} has no input`);
  const read = () => readFileSync(join(folder, "api/v1", input.file));
  const numbers = sampleNumbers(input, read);
  const alt = `${title} (${input.id})`;
  return {
    title,
    credit,
    input: input.id,
    file: `/api/v1/${input.file}`,
    kind: `${input.mediaType}, ${bytes(input.bytes)}`,
    alt,
    image: input.kind === "image",
    ...(numbers && { line: line(numbers, alt) }),
    outputs: outputs.map((output) =>
      outputView(
        output,
        declared.find(({ id }) => id === output.name),
      ),
    ),
  };
}

function outputView(output: Prediction, declared: Output | undefined): OutputView {
  const name = words(output.name);
  const labels = labelsOf(output);
  const values = numbersOf(output);
  const code = textOf(output);
  const picture = pictureOf(output);
  const table = output.type === "table" ? output.prediction : undefined;
  const isKnown = labels ?? values ?? code ?? picture ?? table;
  return {
    name,
    labels: (labels ?? []).slice(0, shownLabels).map(({ label, probability }) => ({
      label,
      value: percent(probability),
      width: Math.min(100, probability * 100).toFixed(1),
    })),
    ...(values && { vector: vector(values, output.name, declared) }),
    ...(table && {
      table: {
        caption: name,
        columns: table.columns,
        rows: table.rows.map((row) => ({
          head: cell(row[0]),
          cells: row.slice(1).map((value) => ({ text: cell(value) })),
        })),
      },
    }),
    code,
    picture,
    more: isKnown === undefined ? factsOf(output) : moreLabels(labels),
    note: declared?.description,
  };
}

const moreLabels = (labels: readonly unknown[] = []): string =>
  labels.length > shownLabels ? `the first ${shownLabels} of ${count(labels.length)} labels` : "";

function vector(values: ArrayLike<number>, name: string, declared: Output | undefined) {
  const { min, max } = plotRange(values);
  const axis = declared?.axes?.at(-1);
  const rest =
    values.length > shownNumbers
      ? ` … and ${count(values.length - shownNumbers)} more in the JSON of this version.`
      : "";
  return {
    max: number(max),
    min: number(min),
    line: line(values, `${count(values.length)} numbers of ${name}`),
    axis: `${axis?.name ?? ""}${declared?.unit ? ` · ${declared.unit}` : ""}`,
    reach: count(values.length),
    numbers: `${Array.from(values).slice(0, shownNumbers).map(number).join("  ")}${rest}`,
  };
}

function line(values: ArrayLike<number>, title: string): Line {
  const { path, isColumns, min, max, zero } = plot(values);
  return {
    label: `${title}, drawn between ${number(min)} and ${number(max)}`,
    path,
    zero: zero === undefined ? "" : `M0 ${zero}H${plotWidth}`,
    columns: isColumns,
  };
}
