import type { Input } from "#schema/config.ts";
import { element } from "#viewers/dom.ts";
import { deviceButton } from "./device.ts";

/** A button that takes a picture with the camera, for an input that takes one. */
export function cameraButton(
  { mediaTypes }: Pick<Input, "mediaTypes">,
  chosen: (files: File[]) => void,
): HTMLElement | undefined {
  const type = ["image/png", "image/jpeg"].find((known) => mediaTypes.includes(known));
  if (!type) return undefined;
  return deviceButton({
    name: "camera",
    wanted: { video: { facingMode: "environment" } },
    open(stream, close) {
      const video = element("video", { srcObject: stream, muted: true, playsInline: true });
      video.ariaLabel = "What the camera sees";
      video.play();
      const take = element("button", { type: "button" }, "Take the picture");
      take.addEventListener("click", async () => {
        const file = await pictureOf(video, type);
        close();
        if (file) chosen([file]);
      });
      const stop = element("button", { type: "button" }, "Close");
      stop.addEventListener("click", close);
      return element("div", {}, video, take, " ", stop);
    },
  });
}

async function pictureOf(video: HTMLVideoElement, type: string): Promise<File | undefined> {
  const { videoWidth: width, videoHeight: height } = video;
  const canvas = element("canvas", { width, height });
  canvas.getContext("2d")?.drawImage(video, 0, 0);
  const picture = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, 0.95));
  return picture ? new File([picture], `camera.${type.slice(6)}`, { type }) : undefined;
}
