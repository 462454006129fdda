import { element } from "#viewers/dom.ts";

/** A camera or a microphone, which the browser asks about before a page may use it. */
export interface Device {
  /** As in "Use the camera". */
  name: "camera" | "microphone";
  wanted: MediaStreamConstraints;
  /** What is shown while it runs; `close` gives it free. */
  open(stream: MediaStream, close: () => void): HTMLElement;
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
    try {
      const stream = await navigator.mediaDevices.getUserMedia(device.wanted);
      const close = () => {
        for (const track of stream.getTracks()) track.stop();
        place.replaceChildren();
        button.disabled = false;
        button.focus();
      };
      place.replaceChildren(device.open(stream, close));
    } catch (error) {
      place.replaceChildren(reasonOf(error as Error, device.name));
      button.disabled = false;
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
