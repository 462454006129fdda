import type { Input } from "#schema/config.ts";
import { element } from "#viewers/dom.ts";
import { writeWav } from "#viewers/wav.ts";
import { deviceButton } from "./device.ts";

// What nobody says how long it lasts, ends by itself.
const mostSeconds = 60;

const unreadable =
  "This browser can't read what it recorded. Record again for a second or more, or choose a WAV file.";

/** A button that records from the microphone, for an input that takes WAV. */
export function microphoneButton(
  { mediaTypes, sampleRate = 16_000 }: Pick<Input, "mediaTypes" | "sampleRate">,
  chosen: (files: File[]) => void,
): HTMLElement | undefined {
  if (!mediaTypes.includes("audio/wav")) return undefined;
  return deviceButton({
    name: "microphone",
    wanted: { audio: true },
    open(stream, close) {
      const recorder = new MediaRecorder(stream);
      const parts: Blob[] = [];
      recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
      recorder.addEventListener("stop", async () => {
        clearTimeout(limit);
        close();
        const file = await recordingOf(new Blob(parts), sampleRate).catch(() => undefined);
        if (file) chosen([file]);
        else close(unreadable);
      });
      recorder.start();
      const limit = setTimeout(() => recorder.stop(), mostSeconds * 1000);
      const stop = element("button", { type: "button" }, "Stop and use it");
      stop.addEventListener("click", () => recorder.stop(), { once: true });
      return element("div", {}, `Recording, for ${mostSeconds} seconds at most … `, stop);
    },
  });
}

/** What was recorded, in whatever form the browser has, as WAV. */
async function recordingOf(recorded: Blob, sampleRate: number): Promise<File> {
  // Decoding brings it to the rate of the context, which plays nothing.
  const context = new OfflineAudioContext(1, 1, sampleRate);
  const sound = await context.decodeAudioData(await recorded.arrayBuffer());
  return new File([writeWav(sound.getChannelData(0), sampleRate)], "microphone.wav", {
    type: "audio/wav",
  });
}
