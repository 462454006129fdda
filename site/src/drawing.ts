import { imageMetadata } from "astro/assets/utils";
import type { Output } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import { extent, type NumberArray, spatialAxes } from "#viewers/array.ts";
import { type Colour, labelColour } from "#viewers/colours.ts";
import { numberIn, percent } from "#viewers/format.ts";
import { heatPaint } from "#viewers/heatmap.ts";
import { describeShares, type Labels, labelShares, maskPaint } from "#viewers/mask.ts";
import { arrayIn, type OfArray } from "#viewers/output.ts";
import { type Paint, paintPlane, planeOf } from "#viewers/plane.ts";
import { frameOf, type Shape, type Shapes, shapesOf } from "#viewers/shapes.ts";
import { volumeOf } from "#viewers/volume.ts";
import { type Picture, pictureOf } from "./png.ts";
import { slicePicture, thinned, thinPaint } from "./slice-picture.ts";

/** The input that an output lies on. */
export interface Ground {
  mediaType: string;
  /** Where the page finds the file. */
  address: string;
  read(): Buffer<ArrayBuffer>;
}

/** An output drawn while the site is built, for readers without script. */
export interface Drawing {
  /** The input below; absent where the picture has it in itself, or no browser shows it. */
  below?: string;
  width: number;
  height: number;
  shapes: Shape[];
  /** What lies over the input, or the whole picture. */
  picture?: string;
  /** The part that has something drawn on it, in the same pixels: left, top, right, bottom. */
  focus: Box;
  words: string;
  entries: { name: string; value: string; colour: Colour }[];
}

type Box = readonly [number, number, number, number];

/** Whether every browser shows such a file as it is. */
export function isPicture(mediaType: string): boolean {
  return /^image\/(jpeg|png|webp|gif|avif|bmp)$/.test(mediaType);
}

const drawnTypes = new Set(["bounding_boxes", "contour", "keypoints", "mask", "heatmap"]);

/** Whether an output may be drawn on its input: it is of such a type, and its numbers were kept. */
export function isDrawn({ type, prediction }: Prediction): boolean {
  const isAway = typeof prediction === "string" && !prediction.startsWith("data:");
  return drawnTypes.has(type) && !isAway;
}

/** What an output looks like on its input; nothing where it is of another kind, or wasn't kept. */
export async function drawingOf(
  output: Prediction,
  declared: Output | undefined,
  ground: Ground | undefined,
): Promise<Drawing | undefined> {
  switch (output.type) {
    case "bounding_boxes":
    case "contour":
    case "keypoints":
      return drawShapes(output, ground);
    case "mask":
    case "heatmap":
      return drawArray(output, declared, ground);
    default:
      return undefined;
  }
}

async function drawShapes(output: Shapes, ground: Ground | undefined): Promise<Drawing> {
  const shapes = shapesOf(output);
  // Their places are in pixels of the input, and a scan's picture has fewer.
  const below = ground && isPicture(ground.mediaType) ? await picture(ground) : undefined;
  const frame = frameOf(shapes, below);
  return {
    ...frame,
    ...(below && { below: below.src }),
    shapes,
    focus: around(shapes.flatMap(({ points }) => points)) ?? [0, 0, frame.width, frame.height],
    words: shapes.length > 0 ? `${shapes.length} found` : "Nothing was found",
    entries: shapes.slice(0, 8).map(({ name, score, colour }) => ({
      name,
      value: score === undefined ? "" : percent(score),
      colour,
    })),
  };
}

// A model's page and the front page show the same drawing, and it goes with what it was drawn of.
const drawnArrays = new WeakMap<OfArray, Map<string, Promise<Drawing | undefined>>>();

function drawArray(
  output: OfArray,
  declared: Output | undefined,
  ground: Ground | undefined,
): Promise<Drawing | undefined> {
  const axes = output.axes ?? declared?.axes?.map(({ name }) => name);
  const labels = output.labels ?? declared?.labels;
  const drawings = drawnArrays.get(output) ?? new Map();
  drawnArrays.set(output, drawings);
  const key = JSON.stringify([axes, labels, ground?.address]);
  const drawing = drawings.get(key) ?? drawOnce(output, { axes, labels, ground });
  drawings.set(key, drawing);
  return drawing;
}

interface Told {
  axes: readonly string[] | undefined;
  labels: Labels;
  ground: Ground | undefined;
}

async function drawOnce(
  output: OfArray,
  { axes, labels, ground }: Told,
): Promise<Drawing | undefined> {
  const array = await arrayIn(output);
  if (!array) return undefined;
  const told = output.type === "mask" ? mask(array, labels) : heatmap(array);
  const volume = volumeOf(array, axes, output);
  if (!volume)
    return { ...told.about, shapes: [], ...(await flat(array, axes, told.paint, ground)) };
  const file = ground && new File([ground.read()], ground.address);
  const slice = file && (await slicePicture(file, { volume, paint: told.through }));
  if (!slice) return undefined;
  const [{ size: width }, { size: height }] = volume.axes;
  return {
    ...told.about,
    shapes: [],
    picture: slice.src,
    width,
    height,
    focus: [0, 0, width, height],
  };
}

function mask(array: NumberArray, labels: Labels) {
  const shares = labelShares(array, labels);
  const entries = shares.map(({ name, share, value }) => ({
    name,
    value: percent(share),
    colour: labelColour(value),
  }));
  const about = { words: describeShares(shares), entries };
  return { about, paint: maskPaint(0.6), through: thinPaint };
}

function heatmap(array: NumberArray) {
  const range = extent(array.data);
  const words = `Heatmap with values from ${numberIn(range.min, range)} to ${numberIn(range.max, range)}`;
  const paint = heatPaint(range, range.min, 0.6);
  return { about: { words, entries: [] }, paint, through: paint };
}

/** One plane as a layer over the input. */
async function flat(
  array: NumberArray,
  axes: readonly string[] | undefined,
  paint: Paint,
  ground: Ground | undefined,
) {
  const spatial = spatialAxes(array.shape, axes);
  const plane = thinned(
    spatial ? planeOf(array, spatial.x, spatial.y) : { width: 1, height: 1, at: () => 0 },
  );
  const { width, height } = plane;
  const data = new Uint8ClampedArray(width * height * 4);
  paintPlane(data, plane, paint);
  const below = ground && (await picture(ground));
  const size = { width: below?.width ?? width, height: below?.height ?? height };
  const [across, down] = [size.width / width, size.height / height];
  const [left, top, right, bottom] = paintedBox(data, width) ?? [0, 0, width, height];
  return {
    ...(below && { below: below.src }),
    picture: pictureOf({ width, height, channels: 4, data }).src,
    ...size,
    focus: [left * across, top * down, right * across, bottom * down] as const,
  };
}

/** The box around the pixels that have a colour; nothing where none has. */
function paintedBox(data: Uint8ClampedArray, width: number): Box | undefined {
  let [left, top, right, bottom] = [width, 0, -1, -1];
  for (let at = 0; at * 4 < data.length; at += 1) {
    if (!data[at * 4 + 3]) continue;
    const column = at % width;
    bottom = Math.floor(at / width);
    if (right < 0) top = bottom;
    left = Math.min(left, column);
    right = Math.max(right, column);
  }
  return right < 0 ? undefined : [left, top, right, bottom];
}

/** The least box around points; nothing around none. */
function around(points: readonly (readonly [number, number])[]): Box | undefined {
  const [first] = points;
  return (
    first &&
    points.reduce<Box>(
      ([left, top, right, bottom], [x, y]) => [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x),
        Math.max(bottom, y),
      ],
      [...first, ...first],
    )
  );
}

/** The part of a drawing that fills a frame twice as wide as high, with the middle of its focus inside. */
export function cropOf({ width, height, focus: [left, top, right, bottom] }: Drawing): string {
  const wide = Math.min(width, height * 2);
  const size = [wide, wide / 2] as const;
  const x = Math.min(Math.max((left + right - size[0]) / 2, 0), width - size[0]);
  const y = Math.min(Math.max((top + bottom - size[1]) / 2, 0), height - size[1]);
  return [x, y, ...size].map((value) => Number(value.toFixed(1))).join(" ");
}

/** The input as a picture with its size, upright. */
async function picture({ mediaType, address, read }: Ground): Promise<Picture | undefined> {
  if (isPicture(mediaType)) {
    const { width, height, orientation = 1 } = await imageMetadata(read());
    const isTurned = orientation > 4;
    return { src: address, width: isTurned ? height : width, height: isTurned ? width : height };
  }
  return slicePicture(new File([read()], address));
}
