import type { AxisView, NumberArray } from "./array.ts";
import type { Colour } from "./colours.ts";

/** A rectangle of numbers out of an array. */
export interface Plane {
  width: number;
  height: number;
  at(column: number, row: number): number;
}

/** The plane that two axes span, at an offset along all others. */
export function planeOf({ data }: NumberArray, x: AxisView, y: AxisView, offset = 0): Plane {
  return {
    width: x.size,
    height: y.size,
    at: (column, row) => data[offset + column * x.stride + row * y.stride] ?? Number.NaN,
  };
}

/** How many planes lie along the other axes. */
export function planeCount(others: readonly AxisView[]): number {
  return others.reduce((product, { size }) => product * size, 1);
}

/** Where the n-th of these planes begins; the last axis is the fastest. */
export function planeOffset(others: readonly AxisView[], place: number): number {
  let rest = place;
  let offset = 0;
  for (const { size, stride } of [...others].reverse()) {
    offset += (rest % size) * stride;
    rest = Math.floor(rest / size);
  }
  return offset;
}

/** Colour and opacity, 0 to 1, of a value; nothing where it isn't drawn. */
export type Paint = (value: number) => readonly [Colour, number] | undefined;

/** Draw a plane over what the pixels hold already; they are RGBA, as wide and high as the plane. */
export function paintPlane(pixels: Uint8ClampedArray, plane: Plane, paint: Paint): void {
  for (let row = 0; row < plane.height; row += 1)
    for (let column = 0; column < plane.width; column += 1) {
      const [colour, opacity] = paint(plane.at(column, row)) ?? [];
      if (colour === undefined || opacity === undefined) continue;
      const at = (row * plane.width + column) * 4;
      const below = ((pixels[at + 3] ?? 0) / 255) * (1 - opacity);
      const alpha = opacity + below;
      for (const channel of [0, 1, 2] as const)
        pixels[at + channel] =
          (colour[channel] * opacity + (pixels[at + channel] ?? 0) * below) / (alpha || 1);
      pixels[at + 3] = alpha * 255;
    }
}

/** A plane and how it is painted. */
export interface Layer {
  plane: Plane;
  paint: Paint;
}

/** Give the canvas the planes' size and paint the layers on it. */
export function drawPlanes(canvas: HTMLCanvasElement, layers: readonly Layer[]): void {
  const { width, height } = layers[0]?.plane ?? { width: 1, height: 1 };
  const context = canvas.getContext("2d");
  if (!context) return;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = context.createImageData(width, height);
  for (const { plane, paint } of layers) paintPlane(image.data, plane, paint);
  context.putImageData(image, 0, 0);
}
