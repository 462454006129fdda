import type { NumberArray } from "#operations/array.ts";
import type { Input } from "#schema/config.ts";

interface Pixels {
  width: number;
  height: number;
  data: ArrayLike<number>;
}

type Axes = Input["axes"];

/** A picture as an array with these axes: channels as the config asks, values 0 to 255. */
export function imageArray({ width, height, data }: Pixels, axes: Axes): NumberArray {
  const channels = channelCount(axes);
  const sizes = axes.map((axis) => sizeOf(axis, { width, height, channels }));
  const [x, y, channel] = [isX, isY, isChannel].map((is) => strideOf(axes.findIndex(is), sizes));
  const array = new Uint8Array(sizes.reduce((product, size) => product * size, 1));
  const at = (row: number, column: number, place: number) =>
    row * (y ?? 0) + column * (x ?? 0) + place * (channel ?? 0);
  for (let row = 0; row < height; row += 1)
    for (let column = 0; column < width; column += 1) {
      const from = (row * width + column) * 4;
      for (let place = 0; place < channels; place += 1)
        array[at(row, column, place)] = channelAt(data, from, place, channels);
    }
  return { data: array, shape: sizes };
}

const isX = ({ name }: Axes[number]) => name === "x" || name === "width";
const isY = ({ name }: Axes[number]) => name === "y" || name === "height";
const isChannel = ({ type }: Axes[number]) => type === "channel";

/** How many channels the axes have; grey without such an axis, RGB where its size is open. */
function channelCount(axes: Axes): number {
  const axis = axes.find(isChannel);
  if (!axis) return 1;
  if (typeof axis.size === "number") return axis.size;
  return axis.size?.min ?? 3;
}

function sizeOf(
  axis: Axes[number],
  { width, height, channels }: { width: number; height: number; channels: number },
): number {
  if (isX(axis)) return width;
  if (isY(axis)) return height;
  return isChannel(axis) ? channels : 1;
}

function strideOf(axis: number, sizes: readonly number[]): number {
  return axis < 0 ? 0 : sizes.slice(axis + 1).reduce((product, size) => product * size, 1);
}

/** One channel of a pixel: grey and alpha for 1 and 2 channels, else red, green, blue, alpha. */
function channelAt(data: ArrayLike<number>, from: number, place: number, channels: number): number {
  const at = (step: number) => data[from + step] ?? 0;
  if (channels > 2) return at(place);
  if (place === 1) return at(3);
  // Pillow's weights, so that a page and an image see the same grey.
  return (at(0) * 19_595 + at(1) * 38_470 + at(2) * 7471 + 0x8000) >> 16;
}
