import { element, svg } from "./dom.ts";
import { seconds } from "./format.ts";
import { plot, plotHeight, plotWidth } from "./plot.ts";

/** A recording to listen to, with its wave where the browser can decode it. */
export async function drawSound(file: Blob, name: string): Promise<HTMLElement> {
  const player = element("audio", { controls: true, src: URL.createObjectURL(file) });
  player.ariaLabel = name;
  const wave = await decode(file);
  return element("div", { className: "sound" }, wave && drawWave(wave), player);
}

async function decode(file: Blob): Promise<AudioBuffer | undefined> {
  try {
    // A context that plays nothing; its rate only says at how many points the wave is known.
    return await new OfflineAudioContext(1, 1, 16_000).decodeAudioData(await file.arrayBuffer());
  } catch {
    return undefined;
  }
}

function drawWave(sound: AudioBuffer): SVGElement {
  const { path, zero } = plot(sound.getChannelData(0), 240);
  const words = `Wave of a recording of ${seconds(sound.duration)}`;
  const view = `0 -2 ${plotWidth} ${plotHeight + 4}`;
  return svg(
    "svg",
    { viewBox: view, preserveAspectRatio: "none", role: "img", "aria-label": words },
    zero === undefined ? undefined : svg("path", { class: "zero", d: `M0 ${zero}H${plotWidth}` }),
    svg("path", { class: "columns", d: path }),
  );
}
