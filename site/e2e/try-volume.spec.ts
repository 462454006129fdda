import type { Locator } from "@playwright/test";
import config from "../playwright.config.ts";
import { expect, model } from "./test.ts";
import { result, run, test } from "./try.ts";

const launchOptions = config.use?.launchOptions;
// WebGL without a graphics card.
const drawing = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const args = (launchOptions?.args ?? []).filter((arg) => arg !== "--disable-gpu");
test.use({ launchOptions: { ...launchOptions, args: [...args, ...drawing] } });

test("a scan and its mask are looked at in three planes and in 3-D", async ({ page }) => {
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  await page.goto(model("deepbrain"));
  await run(page);
  await expect(result(page)).toContainText("ran in this browser");
  expect(loaded.filter((url) => url.includes("niivue"))).toEqual([]);
  await result(page).getByRole("button", { name: "Look at it in 3-D" }).click();
  const view = result(page).getByRole("img", {
    name: /three planes and a view in 3-D. Mask: brain/i,
  });
  await expect(view).toBeVisible();
  const before = await settled(view);
  await result(page).getByRole("slider", { name: "Opacity" }).fill("0");
  await expect.poll(async () => (await view.screenshot()).equals(before)).toBe(false);
  const bare = await settled(view);
  await result(page).getByRole("slider", { name: "Feet to head" }).focus();
  for (let step = 0; step < 5; step += 1) await page.keyboard.press("ArrowRight");
  await expect.poll(async () => (await view.screenshot()).equals(bare)).toBe(false);
});

/** A picture of what is drawn once it stays as it is. */
async function settled(view: Locator): Promise<Buffer> {
  let picture = await view.screenshot();
  await expect
    .poll(async () => {
      const before = picture;
      picture = await view.screenshot();
      return picture.equals(before);
    })
    .toBe(true);
  return picture;
}
