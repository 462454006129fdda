import config from "../playwright.config.ts";
import { expect, model } from "./test.ts";
import { result, run, test } from "./try.ts";

/** Chromium's own camera, a green picture with a clock, and its microphone, which beeps. */
const made = ["--use-fake-device-for-media-stream"];
const launchOptions = config.use?.launchOptions;
test.use({
  launchOptions: { ...launchOptions, args: [...(launchOptions?.args ?? []), ...made] },
});

test("takes a picture with the camera, and gives the camera free", async ({ page, context }) => {
  await context.grantPermissions(["camera"]);
  await page.goto(model("no-code-labels"));
  await run(page);
  await expect(result(page)).toContainText("ran in this browser");
  await page.getByRole("button", { name: "Use the camera" }).click();
  await expect(page.getByLabel("What the camera sees")).toBeVisible();
  await expect
    .poll(() => page.locator("video").evaluate((video: HTMLVideoElement) => video.videoWidth))
    .toBeGreaterThan(0);
  await page.getByRole("button", { name: "Take the picture" }).click();
  await expect(page.getByRole("img", { name: "camera.png" })).toBeVisible();
  await expect(result(page)).toContainText("green");
  await expect(page.locator("video")).toHaveCount(0);
});

test("records from the microphone", async ({ page, context }) => {
  await context.grantPermissions(["microphone"]);
  await page.goto(model("notes"));
  await run(page);
  await page.getByRole("button", { name: "Use the microphone" }).click();
  const stop = page.getByRole("button", { name: "Stop and use it" });
  await expect(stop).toBeVisible();
  // What is said for so long is the recording.
  await page.waitForTimeout(1500);
  await stop.click();
  await expect(page.getByLabel("microphone.wav")).toBeVisible();
  await expect(result(page)).toContainText("ran in this browser");
});

test("says when a recording can't be read", async ({ page, context }) => {
  await context.grantPermissions(["microphone"]);
  await page.goto(model("notes"));
  await run(page);
  // What the recorder gives breaks off after its first bytes.
  await page.evaluate(() => {
    const { arrayBuffer } = Blob.prototype;
    Blob.prototype.arrayBuffer = async function () {
      return (await arrayBuffer.call(this)).slice(0, 16);
    };
  });
  const record = page.getByRole("button", { name: "Use the microphone" });
  await record.click();
  await page.getByRole("button", { name: "Stop and use it" }).click();
  await expect(page.getByText("This browser can't read what it recorded.")).toBeVisible();
  await expect(record).toBeFocused();
});

test("says how to allow a camera that was refused", async ({ page, context }) => {
  await context.clearPermissions();
  await page.goto(model("no-code-labels"));
  await run(page);
  await page.getByRole("button", { name: "Use the camera" }).click();
  await expect(page.getByText("This page may not use the camera.")).toBeVisible();
});
