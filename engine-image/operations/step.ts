import type { NumberArray } from "./array.ts";
import type { Move, Placement } from "./placement.ts";

/** An axis: its name, what runs along it, its size where that is known beforehand. */
export interface Axis {
  name: string;
  type: "batch" | "channel" | "time" | "space" | "index";
  size?: number | undefined;
}

/** Items of a list: labels, boxes or points. */
export type Item = Record<string, string | number | number[]>;

/** What operations pass on. */
export type Value = NumberArray | Item[];

/** An operation that is bound to axes and arguments. */
export interface Step {
  /** Those afterwards; undefined once a list has taken the array's place. */
  axes: readonly Axis[] | undefined;
  run(value: Value, placements: Readonly<Record<string, Placement>>): Value;
  /** Where elements go, by axis, for the sizes that come in. */
  moves?(sizes: Readonly<Record<string, number>>): Record<string, Move>;
}

/** Arguments as a config has them. */
// biome-ignore lint/suspicious/noExplicitAny: the schema says what they are, and each operation reads its own
export type Kwargs = Readonly<Record<string, any>>;

/** What operations know besides their axes: the inputs' axes, and the texts of the model's folder. */
export interface Setting {
  inputs: Readonly<Record<string, readonly Axis[]>>;
  read(path: string): string;
}

/** An operation: of the axes that an array comes with, and its arguments. Throws a Misfit. */
export type Operation = (given: readonly Axis[], kwargs: Kwargs, setting: Setting) => Step;

/**
 * An operation doesn't fit its axes, or an array doesn't fit the operation. The message begins with
 * the verb; its subject is the input, the output or the operation.
 */
export class Misfit extends Error {
  override name = "Misfit";
}

const types: Record<string, Axis["type"]> = {
  batch: "batch",
  channel: "channel",
  time: "time",
  x: "space",
  y: "space",
  z: "space",
};

/** The step of a function that looks at nothing but the array. */
export function pure(axes: readonly Axis[] | undefined, run: (array: NumberArray) => Value): Step {
  return { axes, run: (value) => run(value as NumberArray) };
}

/** An axis of this name: the known one, else one of the type that the name tells. */
export function axisOf(name: string, known: readonly Axis[] = []): Axis {
  return known.find((axis) => axis.name === name) ?? { name, type: types[name] ?? "index" };
}

/** The names for a sentence. */
export function names(axes: readonly Axis[]): string {
  return axes.map(({ name }) => name).join(", ");
}

/** Which axis has the name. */
export function place(axes: readonly Axis[], name: string): number {
  const index = axes.findIndex((axis) => axis.name === name);
  if (index < 0) throw new Misfit(`names the axis ${name}; the array has ${names(axes)}`);
  return index;
}

/** Which axes have the names; without names, all but batch. */
export function places(axes: readonly Axis[], chosen?: readonly string[]): number[] {
  if (chosen) return chosen.map((name) => place(axes, name));
  return axes.flatMap(({ type }, index) => (type === "batch" ? [] : [index]));
}

/** Names of all axes but batch and channel. */
export function extents(axes: readonly Axis[]): string[] {
  const found = axes.filter(({ type }) => type !== "batch" && type !== "channel");
  if (found.length === 0)
    throw new Misfit(`needs an axis besides batch and channel; the array has ${names(axes)}`);
  return found.map(({ name }) => name);
}

/** The axes with new sizes; undefined is any size. */
export function resized(
  axes: readonly Axis[],
  sizes: Readonly<Record<string, number | undefined>>,
): Axis[] {
  for (const name of Object.keys(sizes)) place(axes, name);
  return axes.map((axis) =>
    Object.hasOwn(sizes, axis.name) ? { ...axis, size: sizes[axis.name] } : axis,
  );
}

/** A record of the names, each with the same value. */
export function each<T>(keys: readonly string[], value: T): Record<string, T> {
  return Object.fromEntries(keys.map((key) => [key, value]));
}

/** Which axis has the name. Throws if its size is known to be another. */
export function requireSize(axes: readonly Axis[], name: string, size: number): number {
  const index = place(axes, name);
  const known = axes[index]?.size;
  if (known !== undefined && known !== size)
    throw new Misfit(`needs ${size} along ${name}; the array has ${known}`);
  return index;
}

/** Size of each axis by its name. */
export function sizesOf({ shape }: NumberArray, axes: readonly Axis[]): Record<string, number> {
  return Object.fromEntries(axes.map(({ name }, index) => [name, shape[index] ?? 1]));
}

/** An argument that must be given. */
export function required<T>(kwargs: Kwargs, name: string): T {
  if (kwargs[name] === undefined) throw new Misfit(`needs ${name}`);
  return kwargs[name] as T;
}

/** Throws unless exactly one of the arguments is given. */
export function requireOne(kwargs: Kwargs, ...choice: string[]): void {
  if (choice.filter((name) => kwargs[name] !== undefined).length !== 1)
    throw new Misfit(`needs either ${choice.join(" or ")}`);
}

/** Throws for a name that comes twice. */
export function requireUnique(axes: readonly string[]): void {
  const twice = axes.find((name, index) => axes.indexOf(name) !== index);
  if (twice !== undefined) throw new Misfit(`names the axis ${twice} twice`);
}

/** The id of the input that is meant: the first unless told. */
export function inputOf({ inputs }: Setting, { input }: Kwargs): string {
  const ids = Object.keys(inputs);
  const id: string | undefined = input ?? ids[0];
  if (id === undefined || !Object.hasOwn(inputs, id))
    throw new Misfit(`names the input '${id}'; the config has ${ids.join(", ")}`);
  return id;
}
