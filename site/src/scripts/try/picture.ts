import type { NumberArray } from "#operations/array.ts";
import { TryProblem } from "#page/runner.ts";
import type { Output } from "#schema/config.ts";
import { type AxisView, spatialAxes } from "#viewers/array.ts";

/** An image that a network made, as PNG: floats from 0 to 1, integers from 0 to 255. */
export async function pngOf(output: Output, array: NumberArray): Promise<Blob> {
  const pixels = pixelsOf(output, array);
  const canvas = new OffscreenCanvas(pixels.width, pixels.height);
  canvas.getContext("2d")?.putImageData(pixels, 0, 0);
  return canvas.convertToBlob({ type: "image/png" });
}

/** The pixels of an array: one plane, grey, RGB or RGBA. Throws a TryProblem for another. */
export function pixelsOf({ id, axes, dtype }: Output, { data, shape }: NumberArray): ImageData {
  const found = spatialAxes(shape, axes?.map(({ name }) => name) ?? channelsLast(shape));
  const [channel, ...more] = found?.others ?? [];
  const channels = channel?.size ?? 1;
  if (!found || found.z || more.length > 0 || ![1, 3, 4].includes(channels))
    throw new TryProblem(
      "This image can't be shown",
      `“${id}” is ${shape.join(" × ")}; expected one plane, grey, RGB or RGBA.`,
    );
  const { x, y } = found;
  const scale = scaleOf(data, dtype);
  const pixels = new ImageData(x.size, y.size);
  for (let row = 0; row < y.size; row += 1)
    for (let column = 0; column < x.size; column += 1) {
      const from = row * y.stride + column * x.stride;
      const to = (row * x.size + column) * 4;
      for (let place = 0; place < 4; place += 1) {
        const value = valueAt(data, from, place, channel);
        pixels.data[to + place] = value === undefined ? 255 : value * scale;
      }
    }
  return pixels;
}

/** What brings the values to 0 to 255. */
function scaleOf(data: NumberArray["data"], dtype: Output["dtype"]): number {
  if (data instanceof Uint16Array) return 255 / 65_535;
  return data instanceof Uint8Array && dtype !== "bool" ? 1 : 255;
}

/** One of red, green, blue and alpha; grey is all three, and what has no alpha is solid. */
function valueAt(
  data: NumberArray["data"],
  from: number,
  place: number,
  channel: AxisView | undefined,
): number | undefined {
  if (!channel) return place === 3 ? undefined : Number(data[from]);
  return place < channel.size ? Number(data[from + place * channel.stride]) : undefined;
}

/** Names for an array that declares none, where its last axis can be one of channels. */
function channelsLast(shape: readonly number[]): string[] | undefined {
  return shape.length === 3 && [1, 3, 4].includes(shape[2] ?? 0)
    ? ["y", "x", "channel"]
    : undefined;
}
