import { by, type NumberArray } from "#operations/array.ts";
import type { Input } from "#schema/config.ts";

/** Why the array isn't what the input takes, as a clause; nothing where it is. */
export function misfit({ data, shape }: NumberArray, input: Input): string | undefined {
  return wrongShape(shape, input.axes) ?? wrongValues(data, input);
}

function wrongShape(shape: readonly number[], axes: Input["axes"]): string | undefined {
  const names = axes.map(({ name }) => name).join(", ");
  if (shape.length !== axes.length)
    return `it has ${shape.length} axes, and the model takes ${axes.length} (${names})`;
  const wrong = axes.flatMap(({ name, size }, at) =>
    size === undefined || allows(size, shape[at] ?? 0) ? [] : [`${name} takes ${words(size)}`],
  );
  return wrong.length > 0 ? `it is ${by(shape)} (${names}); ${wrong.join(", ")}` : undefined;
}

type Size = NonNullable<Input["axes"][number]["size"]>;

function allows(size: Size, given: number): boolean {
  if (typeof size === "number") return given === size;
  const { min, max = Number.POSITIVE_INFINITY, step = 1 } = size;
  return given >= min && given <= max && (given - min) % step === 0;
}

function words(size: Size): string {
  if (typeof size === "number") return String(size);
  const range = size.max === undefined ? `${size.min} or more` : `${size.min} to ${size.max}`;
  return size.step === undefined || size.step === 1 ? range : `${range} in steps of ${size.step}`;
}

function wrongValues(data: NumberArray["data"], { dtype, range }: Input): string | undefined {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let isWhole = true;
  for (let at = 0; at < data.length; at += 1) {
    const value = Number(data[at]);
    if (!Number.isFinite(value)) return "it holds NaN or infinity";
    least = Math.min(least, value);
    most = Math.max(most, value);
    isWhole &&= Number.isInteger(value);
  }
  if (!isWhole && /^u?int/.test(dtype)) return "it holds fractions, and the model takes integers";
  if (!range || data.length === 0 || (least >= range.min && most <= range.max)) return undefined;
  return `it holds values from ${least} to ${most}, and the model takes ${range.min} to ${range.max}`;
}
