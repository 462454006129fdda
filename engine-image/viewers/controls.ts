import type { AxisView } from "./array.ts";
import { slider } from "./dom.ts";
import { planeCount, planeOffset } from "./plane.ts";

/** A slider that makes a layer let through what lies below. */
export function opacitySlider(value: number, changed: (opacity: number) => void): HTMLElement {
  const read = (share: number) => `${Math.round(share * 100)} %`;
  return slider("Opacity", { min: 0, max: 1, step: 0.05, value, read }, changed);
}

/** A slider through the planes along axes that aren't of space, such as channels, if there are any. */
export function planeSlider(
  others: readonly AxisView[],
  changed: (offset: number) => void,
): HTMLElement | undefined {
  const planes = planeCount(others);
  if (planes < 2) return undefined;
  const name = others.map((axis) => axis.name).join(", ") || "Plane";
  const read = (place: number) => `${place + 1} of ${planes}`;
  return slider(name, { min: 0, max: planes - 1, step: 1, value: 0, read }, (place) =>
    changed(planeOffset(others, place)),
  );
}
