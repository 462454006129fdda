import { element } from "#viewers/dom.ts";

/** A camera or a microphone, which the browser asks about before a page may use it. */
export interface Device {
  /** As in "Use the camera". */
  name: "camera" | "microphone";
  wanted: MediaStreamConstraints;
  /** What is shown while it runs; `close` gives it free, and says a problem where there is one. */
  open(stream: MediaStream, close: (problem?: string) => void): HTMLElement;
}

/** A button that opens a device, and what it has to show below; nothing where pages can't have one. */
export function deviceButton(device: Device): HTMLElement | undefined {
  // Browsers offer devices on this machine's own pages and by https only.
  if (!navigator.mediaDevices) return undefined;
  const button = element("button", { type: "button" }, `Use the ${device.name}`);
  const place = element("div", { role: "status" });
  button.addEventListener("click", async () => {
    button.disabled = true;
    place.replaceChildren("Your browser asks whether this page may use it …");
    const tracks: MediaStreamTrack[] = [];
    const close = (problem = "") => {
      for (const track of tracks) track.stop();
      place.replaceChildren(problem);
      button.disabled = false;
      button.focus();
    };
    try {
      const stream = await navigator.mediaDevices.getUserMedia(device.wanted);
      tracks.push(...stream.getTracks());
      place.replaceChildren(device.open(stream, close));
    } catch (error) {
      close(reasonOf(error as Error, device.name));
    }
  });
  const note = `The ${device.name} is on only while you see it here; nothing is kept.`;
  return element(
    "div",
    { className: "device" },
    button,
    element("span", { className: "quiet" }, note),
    place,
  );
}

function reasonOf({ name, message }: Error, device: Device["name"]): string {
  if (name === "NotAllowedError")
    return `This page may not use the ${device}. Allow it beside the page's address, then press again.`;
  if (name === "NotFoundError") return `No ${device} was found. Connect one, or choose a file.`;
  if (name === "NotReadableError")
    return `The ${device} is in use. Close the program that has it, then press again.`;
  return `The ${device} didn't start: ${message}`;
}
