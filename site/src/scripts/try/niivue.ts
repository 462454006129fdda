import { Niivue, NVImage, SHOW_RENDER } from "@niivue/niivue";
import { labelColour } from "#viewers/colours.ts";
import { opacitySlider } from "#viewers/controls.ts";
import { element, slider } from "#viewers/dom.ts";
import { describeShares, labelShares, legend } from "#viewers/mask.ts";
import { writeNifti } from "#viewers/nifti-write.ts";
import type { OpenVolume, Overlay } from "#viewers/slices.ts";
import { greyRange, type Volume } from "#viewers/volume.ts";

/** A scan in three planes that go together and in 3-D, with what lies over it, by NiiVue. */
export const drawVolume: OpenVolume = async (scan, overlay) => {
  const shown = scan ?? overlay?.volume;
  if (!shown) throw new Error("there is nothing to show");
  const canvas = element("canvas", { role: "img" });
  const frame = element("div", { className: "niivue" }, canvas);
  const viewer = new Niivue({
    backColor: [0, 0, 0, 1],
    dragAndDropEnabled: false,
    isRadiologicalConvention: true,
    loadingText: "",
    logLevel: "error",
    multiplanarShowRender: SHOW_RENDER.ALWAYS,
    sagittalNoseLeft: true,
    scrollRequiresFocus: true,
  });
  await viewer.attachToCanvas(canvas);
  if (scan) viewer.addVolume(await scanImage(scan));
  const first = scan ? 0.5 : 1;
  if (overlay) viewer.addVolume(await overlayImage(overlay, shown, first));
  const over = viewer.volumes.length - 1;
  const shares = overlay?.kind === "mask" && labelShares(overlay.volume, overlay.labels);
  canvas.ariaLabel = `Three planes and a view in 3-D.${shares ? ` ${describeShares(shares)}` : ""}`;
  return element(
    "div",
    { className: "overlay" },
    frame,
    ...positionSliders(viewer, shown),
    overlay && opacitySlider(first, (opacity) => viewer.setOpacity(over, opacity)),
    shares ? legend(shares) : undefined,
  );
};

function scanImage(scan: Volume): Promise<NVImage> {
  const { min, max } = greyRange(scan);
  return imageOf(writeNifti(scan, { like: scan, form: "floats" }), {
    colormap: "gray",
    cal_min: min,
    cal_max: max,
  });
}

async function overlayImage(overlay: Overlay, like: Volume, opacity: number): Promise<NVImage> {
  const { kind, volume } = overlay;
  if (kind === "heatmap")
    return imageOf(writeNifti(volume, { like, form: "floats" }), { colormap: "viridis", opacity });
  const image = await imageOf(writeNifti(volume, { like, form: "bytes" }), { opacity });
  image.setColormapLabel(labelColours(overlay));
  return image;
}

/** The colours that the labels have in every viewer; the background is clear. */
function labelColours({ volume, labels }: Extract<Overlay, { kind: "mask" }>) {
  const values = [0, ...labelShares(volume, labels).map(({ value }) => value)];
  const colours = values.map((value) => labelColour(value));
  return {
    R: colours.map(([red]) => red),
    G: colours.map(([, green]) => green),
    B: colours.map(([, , blue]) => blue),
    A: values.map((value) => (value === 0 ? 0 : 255)),
    I: values,
    labels: values.map((value) => labels?.[value] ?? String(value)),
  };
}

function imageOf(
  file: Blob,
  looks: Partial<Parameters<typeof NVImage.loadFromFile>[0]>,
): Promise<NVImage> {
  return NVImage.loadFromFile({
    file: new File([file], "volume.nii"),
    name: "volume.nii",
    ...looks,
  });
}

/** Sliders for the place where the planes meet: what the mouse does, for the keyboard too. */
function positionSliders(viewer: Niivue, { isOriented }: Volume): HTMLElement[] {
  const names = isOriented ? ["Right to left", "Back to front", "Feet to head"] : ["x", "y", "z"];
  const read = (share: number) => `${Math.round(share * 100)} %`;
  return names.map((name, axis) =>
    slider(name, { min: 0, max: 1, step: 0.01, value: 0.5, read }, (share) => {
      viewer.scene.crosshairPos[axis] = isOriented && axis === 0 ? 1 - share : share;
      viewer.drawScene();
    }),
  );
}
