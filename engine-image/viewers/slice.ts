import type { Pixels } from "./dicom-picture.ts";
import { element } from "./dom.ts";
import type { Grid } from "./grid.ts";
import { drawPlanes } from "./plane.ts";
import type { Backdrop } from "./stack.ts";

/** A scan of one slice as a picture, from its least value, black, to its greatest. */
export function pictureOf(
  { data, sizes: [width, height] }: Grid,
  name: string,
): { node: HTMLElement; backdrop: Backdrop } {
  const [least, most] = extremes(data);
  const canvas = element("canvas");
  const plane = { width, height, at: (x: number, y: number) => data[y * width + x] ?? Number.NaN };
  drawPlanes(canvas, [
    {
      plane,
      paint: (value) => {
        const grey = (255 * (value - least)) / (most - least || 1);
        return [[grey, grey, grey], 1];
      },
    },
  ]);
  const src = canvas.toDataURL();
  return { node: element("img", { src, alt: name }), backdrop: { src, width, height } };
}

/** Pixels as a picture. */
export function pictureOfPixels(
  { width, height, data }: Pixels,
  name: string,
): { node: HTMLElement; backdrop: Backdrop } {
  const canvas = element("canvas", { width, height });
  canvas.getContext("2d")?.putImageData(new ImageData(data, width, height), 0, 0);
  const src = canvas.toDataURL();
  return { node: element("img", { src, alt: name }), backdrop: { src, width, height } };
}

function extremes(data: ArrayLike<number>): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < data.length; at += 1) {
    least = Math.min(least, data[at] ?? least);
    most = Math.max(most, data[at] ?? most);
  }
  return [least, most];
}
