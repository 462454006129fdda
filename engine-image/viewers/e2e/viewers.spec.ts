import { test as base, expect } from "../../../site/e2e/test.ts";
import { faults, view, views } from "../../front/page/e2e/test.ts";
import { serveGallery } from "./serve.ts";

const test = base.extend<object, { gallery: string }>({
  gallery: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const { url, close } = await serveGallery();
      await use(url);
      close();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ gallery }, use) => use(gallery),
  page: async ({ page }, use) => {
    await page.goto("/");
    await page.locator("html[data-ready]").waitFor();
    await use(page);
  },
});

for (const one of views)
  test(`axe finds nothing: viewers, ${one.colorScheme}, ${one.width} px`, async ({ page }) => {
    await view(page, one);
    await page.locator("details").evaluateAll((all) => {
      for (const details of all) details.setAttribute("open", "");
    });
    expect(await faults(page)).toEqual([]);
  });

test("every picture has words that say the same", async ({ page }) => {
  const words = await page
    .getByRole("img")
    .evaluateAll((all) => all.map((node) => node.ariaLabel ?? node.getAttribute("alt")));
  expect(words).toContain("Mask: cup 15.4\u00a0%, saucer 31.3\u00a0%");
  expect(words).toContain("172 × 88 numbers from 0 to 1".replace("172 × 88", "88 × 172"));
  expect(words.filter((text) => text === "")).toEqual([]);
});

test("a slider fades the mask, with the keyboard too", async ({ page }) => {
  const region = page.locator("#mask");
  await region.getByRole("slider", { name: "Opacity" }).press("Home");
  await expect(region.locator("canvas")).toHaveCSS("opacity", "0");
  await expect(region.getByText("0 %", { exact: true })).toBeVisible();
});

test("boxes below the score that is asked for disappear, in the list too", async ({ page }) => {
  const region = page.locator("#bounding_boxes");
  await expect(region.getByRole("listitem")).toHaveCount(3);
  await region.getByRole("slider", { name: "Score from" }).fill("0.5");
  await expect(region.getByRole("listitem")).toHaveText(["cup93.0\u00a0%"]);
  await expect(region.locator("polygon")).toHaveCount(1);
});

test("channels of a heatmap are gone through one by one", async ({ page }) => {
  const region = page.locator("#heatmap");
  const hash = () =>
    region.locator("canvas").evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const first = await hash();
  await region.getByRole("slider", { name: "channel" }).press("ArrowRight");
  await expect(region.getByText("2 of 2")).toBeVisible();
  await expect.poll(hash).not.toBe(first);
});

test("a slice shows the lesion on the side of the screen where a radiologist looks", async ({
  page,
}) => {
  const share = await page
    .locator("#volume-mask canvas")
    .first()
    .evaluate((node) => {
      const canvas = node as HTMLCanvasElement;
      const { data, width } = canvas
        .getContext("2d")
        ?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [], width: 1 };
      const reds = Array.from(data, (value, at) =>
        at % 4 === 0 && value > (data[at + 1] ?? 0) + 20 ? (at / 4) % width : -1,
      ).filter((column) => column >= 0);
      return reds.reduce((sum, column) => sum + column, 0) / reds.length / width;
    });
  // The array's x runs to the patient's right, which is on the left of the screen.
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.4);
});

test("slices are gone through with the arrow keys", async ({ page }) => {
  const region = page.locator("#volume-mask");
  await region.getByRole("slider", { name: "Axial" }).press("ArrowUp");
  await expect(region.getByText("18 of 32")).toBeVisible();
  await expect(region.getByRole("img", { name: /^Axial slice 18\. Mask: lesion/ })).toBeVisible();
});

test("a recording is drawn and can be played", async ({ page }) => {
  const region = page.locator("#input-audio");
  await expect(region.getByRole("img", { name: /Wave of a recording of 1\.0\ss/ })).toBeVisible();
  await expect(region.locator("audio")).toHaveJSProperty("duration", 1);
});

test("a file that no viewer reads is named with its size", async ({ page }) => {
  await expect(page.locator("#input-file")).toHaveText("unknown.bin, 2.4\u00a0kB");
});
