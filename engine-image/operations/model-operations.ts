import { type Chain, chain, type Named } from "./chain.ts";
import { type Axis, axisOf, Misfit, type Setting } from "./step.ts";

/** The named operations of a config: before and after the network, whoever runs it. */

interface ConfigAxis {
  name: string;
  type: Axis["type"];
  size?: number | object | undefined;
}

export interface ConfigInput {
  id: string;
  axes: readonly ConfigAxis[];
  preprocessing?: readonly Named[] | undefined;
}

export interface ConfigOutput {
  type: string;
  axes?: readonly ConfigAxis[] | undefined;
  dtype?: string | undefined;
  grid?: string | undefined;
  postprocessing?: readonly Named[] | undefined;
}

// Axes of what a network gives, for types of outputs that have no axes themselves.
const networkAxes: Record<string, string[]> = {
  label_list: ["batch", "channel"],
  bounding_boxes: ["batch", "index", "channel"],
  keypoints: ["batch", "index", "channel"],
};

/** The operations of an input. Throws a Misfit where one doesn't fit. */
export function inputChain({ axes, preprocessing = [] }: ConfigInput): Chain {
  if (preprocessing.length > 0) requireNames(axes);
  return chain(preprocessing, axes.map(withKnownSize));
}

/** The operations of an output, up to its own axes and dtype. Throws a Misfit where one doesn't fit. */
export function outputChain(
  output: ConfigOutput,
  inputs: readonly ConfigInput[],
  read: Setting["read"],
): Chain {
  const { grid, postprocessing = [] } = output;
  // The first is the one that operations go back to, unless they name another.
  const ordered = inputs.toSorted((a, b) => +(b.id === grid) - +(a.id === grid));
  const axesById = ordered.map(({ id, axes }) => [id, axes.map(withKnownSize)]);
  const setting = { inputs: Object.fromEntries(axesById), read };
  const start = startAxes(output);
  const own = chain(postprocessing, start, setting);
  return own.axes ? chain([...postprocessing, ...closing(output)], start, setting) : own;
}

/** Axes of what the network gives. */
function startAxes({ axes, type, postprocessing = [] }: ConfigOutput): Axis[] {
  // Sizes are those that postprocessing ends with.
  if (axes) return axes.map((axis) => ({ name: axis.name, type: axis.type }));
  const names = networkAxes[type];
  if (names) return names.map((name) => axisOf(name));
  if (postprocessing[0]?.id === "name_axes") return [];
  throw new Misfit("operation name_axes comes first where an output has no axes");
}

/** Operations that bring an array into the output's axes and dtype. */
function closing({ axes, dtype }: ConfigOutput): Named[] {
  const order = axes && { id: "transpose", kwargs: { axes: axes.map(({ name }) => name) } };
  const type = dtype && { id: "ensure_dtype", kwargs: { dtype } };
  return [...(order ? [order] : []), ...(type ? [type] : [])];
}

/** Throws unless axes of batch and channel are called so: operations know them so. */
function requireNames(axes: readonly ConfigAxis[]): void {
  for (const { name, type } of axes)
    if ((type === "batch" || type === "channel") && name !== type)
      throw new Misfit(`needs the ${type} axis to be named ${type}; it is named ${name}`);
}

function withKnownSize({ name, type, size }: ConfigAxis): Axis {
  return { name, type, size: typeof size === "number" ? size : undefined };
}
