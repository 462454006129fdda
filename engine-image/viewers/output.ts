import type { Output } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import { arrayOf, type NumberArray } from "./array.ts";
import { element } from "./dom.ts";
import { words } from "./format.ts";
import { drawHeatmap } from "./heatmap.ts";
import { drawLabels } from "./labels.ts";
import { drawMask } from "./mask.ts";
import { bytesInAddress } from "./packed.ts";
import { drawPicture } from "./picture.ts";
import { readArray } from "./read-array.ts";
import { drawShapes } from "./shapes.ts";
import { drawSlices, type OpenVolume } from "./slices.ts";
import type { Backdrop } from "./stack.ts";
import { drawTable } from "./table.ts";
import { drawJson, drawText } from "./text.ts";
import { drawVector } from "./vector.ts";
import { type Volume, volumeOf } from "./volume.ts";

/** What an output is drawn with: what the config says of it, and the input that it lies on. */
export interface Surroundings {
  declared?: Output | undefined;
  backdrop?: Backdrop | undefined;
  volume?: Volume | undefined;
  openVolume?: OpenVolume | undefined;
  /** Where an address of the server leads from this page. */
  resolve?(address: string): string;
}

/** An output that is numbers on a grid. */
export type OfArray = Extract<Prediction, { type: "vector" | "mask" | "heatmap" }>;

/** One output with its name and what it means; large arrays are fetched, so it may take a while. */
export async function drawOutput(
  output: Prediction,
  surroundings: Surroundings = {},
): Promise<HTMLElement> {
  const { declared } = surroundings;
  const description = output.description ?? declared?.description;
  return element(
    "section",
    { className: "viewer", ariaLabel: words(output.name) },
    element("h3", {}, words(output.name)),
    description === undefined ? undefined : element("p", { className: "quiet" }, description),
    await drawing(output, surroundings),
  );
}

async function drawing(output: Prediction, around: Surroundings): Promise<HTMLElement> {
  const name = words(output.name);
  switch (output.type) {
    case "label_list":
      return drawLabels(output.prediction);
    case "image":
      return drawPicture(resolved(output.prediction, around), name, around.backdrop);
    case "bounding_boxes":
    case "contour":
    case "keypoints":
      return drawShapes(output, around.backdrop);
    case "text":
      return drawText(output.prediction, name);
    case "table":
      return drawTable(output.prediction, name);
    case "custom":
      return drawJson(output.prediction, name);
    case "vector":
    case "mask":
    case "heatmap":
      return drawOfArray(output, around);
  }
}

async function drawOfArray(output: OfArray, around: Surroundings): Promise<HTMLElement> {
  const { prediction } = output;
  if (typeof prediction !== "string")
    return drawArray(output, arrayOf(prediction, output.shape), around);
  const address = resolved(prediction, around);
  const array = await fetchArray(address, output.name);
  const isInText = address.startsWith("data:");
  const file = isInText ? `${output.name}.npy.gz` : "";
  const download = element("a", { href: address, download: file }, "Download the array");
  return element(
    "div",
    {},
    array
      ? drawArray(output, array, around)
      : element("p", { className: "quiet" }, "This array can't be drawn here."),
    element("p", { className: "download" }, download),
  );
}

function drawArray(output: OfArray, array: NumberArray, around: Surroundings): HTMLElement {
  const { declared, backdrop } = around;
  const axes = output.axes ?? declared?.axes?.map(({ name }) => name);
  const unit = output.unit ?? declared?.unit;
  const { columns } = declared ?? {};
  if (output.type === "vector")
    return drawVector(array, { name: output.name, axes, unit, columns });
  const labels = output.labels ?? declared?.labels;
  const volume = volumeOf(array, axes, output);
  if (volume) {
    const kind = output.type;
    const overlay = kind === "mask" ? { kind, volume, labels } : { kind, volume, unit };
    return drawSlices(around.volume, overlay, around.openVolume);
  }
  return output.type === "mask"
    ? drawMask(array, { axes, labels }, backdrop)
    : drawHeatmap(array, { axes, unit }, backdrop);
}

/** The array of an output that lies in the text itself; nothing where it was left on a server. */
export async function arrayIn({
  name,
  prediction,
  shape,
}: OfArray): Promise<NumberArray | undefined> {
  if (typeof prediction !== "string") return arrayOf(prediction, shape);
  return prediction.startsWith("data:") ? fetchArray(prediction, name) : undefined;
}

/** The array at an address, or nothing where it is gone or in a form that isn't read. */
async function fetchArray(address: string, name: string): Promise<NumberArray | undefined> {
  if (address.startsWith("data:")) return readArray(await bytesInAddress(address), name);
  const response = await fetch(address);
  if (!response.ok) return undefined;
  return readArray(new Uint8Array(await response.arrayBuffer()), name);
}

function resolved(address: string, { resolve }: Surroundings): string {
  return address.startsWith("data:") || !resolve ? address : resolve(address);
}
