import type { Input } from "#schema/config.ts";
import { Problem, several } from "./problem.ts";
import { type Datatype, datatypeOf, dtypeOf, misfit, packElements } from "./tensors.ts";
import type { InferInput, InferInputs } from "./worker.ts";

/** Whether a body of JSON holds the inputs' values, rather than being the file of one of them. */
export function takesJson(inputs: Input[]): boolean {
  return inputs.every(
    ({ kind, mediaTypes }) =>
      kind === "array" ||
      kind === "table" ||
      (kind === "text" && !mediaTypes.includes("application/json")),
  );
}

/**
 * Values as inputs: `{"inputs": {ID: VALUE}}`, or the value alone where the model takes one input.
 * A text is a string, an array is nested lists, a table is a list of rows or an object of columns.
 */
export function inputsOfJson(body: unknown, inputs: Input[]): InferInputs {
  const values = isWrapped(body) ? body.inputs : alone(body, inputs);
  const result: InferInputs = {};
  const found: Problem[] = [];
  for (const input of inputs) {
    const value = Object.hasOwn(values, input.id) ? values[input.id] : undefined;
    const taken =
      value === undefined ? wrong(`Input "${input.id}" is missing.`) : take(input, value);
    if (taken instanceof Problem) found.push(taken);
    else result[input.id] = taken;
  }
  for (const id of Object.keys(values))
    if (!inputs.some((input) => input.id === id))
      found.push(wrong(`"${id}" is no input of this model; it takes ${ids(inputs)}.`));
  const [first, ...others] = found;
  if (first) throw others.length > 0 ? several("wrong_inputs", found) : first;
  return result;
}

function isWrapped(body: unknown): body is { inputs: Record<string, unknown> } {
  if (!isObject(body) || !isObject(body["inputs"])) return false;
  return Object.keys(body).length === 1;
}

function alone(body: unknown, [input, ...others]: Input[]): Record<string, unknown> {
  if (input && others.length === 0) return { [input.id]: body };
  throw wrong(
    `The JSON must be {"inputs": {…}} with a value for each input of the model: ${ids(input ? [input, ...others] : [])}.`,
  );
}

function take(input: Input, value: unknown): InferInput | Problem {
  switch (input.kind) {
    case "text":
      return typeof value === "string"
        ? { mediaType: input.mediaTypes[0] ?? null, body: Buffer.from(value) }
        : wrong(`Input "${input.id}" is a text, so its JSON must be a string.`);
    case "table":
      return isObject(value) || Array.isArray(value)
        ? { mediaType: "application/json", body: Buffer.from(JSON.stringify(value)) }
        : wrong(
            `Input "${input.id}" is a table, so its JSON must be a list of rows or an object of columns.`,
          );
    default:
      return toArray(input, value);
  }
}

function toArray(input: Input, value: unknown): InferInput | Problem {
  const { id, dtype } = input;
  const shape = shapeOf(value);
  const problem = shape && misfit(input, shape);
  if (problem) return new Problem("input_outside_limits", `Input "${id}" ${problem}.`);
  const datatype = stored(datatypeOf(dtype));
  const packed = shape ? packElements([value], datatype, shape) : "its lists differ in length";
  if (typeof packed === "string")
    return new Problem(
      "input_undecodable",
      `Input "${id}" is an array of ${dtype}, so its JSON must be numbers in nested lists; ${packed}.`,
    );
  const tensor = { dtype: dtypeOf(datatype), shape: shape as number[] };
  return { mediaType: null, tensor, body: packed };
}

/** The type in which numbers of JSON travel: the worker makes FP16 of FP32. */
export function stored(datatype: Datatype): Exclude<Datatype, "FP16"> {
  return datatype === "FP16" ? "FP32" : datatype;
}

/** Lengths of nested lists; nothing where lists of one level differ. */
function shapeOf(value: unknown): number[] | undefined {
  if (!Array.isArray(value)) return [];
  if (!value.some(Array.isArray)) return [value.length];
  const [first, ...others] = value.map(shapeOf);
  const same = others.every((other) => String(other) === String(first));
  return first && same ? [value.length, ...first] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrong(detail: string): Problem {
  return new Problem("wrong_inputs", detail);
}

function ids(inputs: Input[]): string {
  return new Intl.ListFormat("en").format(inputs.map(({ id }) => id));
}
