import config from "../playwright.config.ts";
import { expect, model } from "./test.ts";
import { result, run, test } from "./try.ts";

const launchOptions = config.use?.launchOptions;
// WebGL without a graphics card.
const drawing = ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"];
const args = (launchOptions?.args ?? []).filter((arg) => arg !== "--disable-gpu");
test.use({ launchOptions: { ...launchOptions, args: [...args, ...drawing] } });

test("a scan and its mask are looked at in three planes and in 3-D", async ({ page }) => {
  test.setTimeout(180_000);
  const loaded: string[] = [];
  page.on("request", (request) => loaded.push(request.url()));
  await page.goto(model("deepbrain"));
  await run(page);
  await expect(result(page)).toContainText("ran in this browser", { timeout: 90_000 });
  expect(loaded.filter((url) => url.includes("niivue"))).toEqual([]);
  await result(page).getByRole("button", { name: "Look at it in 3-D" }).click();
  const view = result(page).getByRole("img", {
    name: /three planes and a view in 3-D. Mask: brain/i,
  });
  await expect(view).toBeVisible({ timeout: 60_000 });
  const picture = () => view.screenshot({ timeout: 60_000 });
  const before = await picture();
  await result(page).getByRole("slider", { name: "Opacity" }).fill("0");
  const bare = await picture();
  expect(bare.equals(before)).toBe(false);
  await result(page).getByRole("slider", { name: "Feet to head" }).focus();
  for (let step = 0; step < 5; step += 1) await page.keyboard.press("ArrowRight");
  expect((await picture()).equals(bare)).toBe(false);
});
