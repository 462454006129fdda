import { catalog } from "./catalog.ts";
import { expect, test } from "./test.ts";

const cards = "[data-card]:visible";

test("lists every model with what goes in and what comes out", async ({ page }) => {
  await page.goto("");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(catalog.registry.summary);
  await expect(page.locator(cards)).toHaveCount(catalog.models.length);
  const card = page.locator("[data-card]", { hasText: "EfficientNet-Lite0" });
  await expect(card.locator("img")).toHaveJSProperty("complete", true);
  await expect(card.getByText("espresso")).toBeVisible();
});

test("finds by title, summary, author, task and architecture, whatever the case", async ({
  page,
}) => {
  await page.goto("");
  const search = page.getByRole("searchbox");
  for (const [query, title] of [
    ["SILERO", "Silero VAD"],
    ["tomato", "Leaf Disease"],
    ["iandola", "SqueezeNet"],
    ["voice speech", "Silero VAD"],
    ["vit-base bartholomaus", "Self-supervised vision"],
  ] as const) {
    await search.fill(query);
    await expect(page.locator(cards)).toHaveCount(1);
    await expect(page.locator(cards)).toContainText(title);
    await expect(page.getByRole("status")).toHaveText(`1 of ${catalog.models.length} models`);
  }
});

test("keeps the search in the address, and back brings it again", async ({ page }) => {
  await page.goto("");
  await page.getByRole("searchbox").fill("espresso coffee");
  await page.getByRole("searchbox").fill("cell");
  await expect(page).toHaveURL(/\?q=cell$/);
  await page.locator(cards).getByRole("link").click();
  await expect(page).toHaveURL(/models\/cell-counter\/$/);
  await page.goBack();
  await expect(page.getByRole("searchbox")).toHaveValue("cell");
  await expect(page.locator(cards)).toHaveCount(1);
});

test("a shared address shows what it was shared for", async ({ page }) => {
  await page.goto("?q=photograph&license=BSD-2-Clause");
  await expect(page.locator(cards)).toHaveCount(1);
  await expect(page.getByLabel("Licence of weights")).toHaveValue("BSD-2-Clause");
});

test("narrows by task with counts", async ({ page }) => {
  await page.goto("");
  await expect(
    page.getByLabel("Task").getByRole("option", { name: "Image classification (4)" }),
  ).toBeAttached();
  await page.getByLabel("Task").selectOption("embedding");
  await expect(page.locator(cards)).toHaveCount(1);
});

test("the slash key goes to the search, escape clears it", async ({ page }) => {
  await page.goto("");
  await page.keyboard.press("/");
  await expect(page.getByRole("searchbox")).toBeFocused();
  await page.keyboard.type("squeeze");
  await expect(page.locator(cards)).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("searchbox")).toHaveValue("");
  await expect(page.locator(cards)).toHaveCount(catalog.models.length);
  await expect(page).not.toHaveURL(/\?/);
});

test("says when nothing matches, and offers the way back", async ({ page }) => {
  await page.goto("?q=nonesuch");
  await expect(page.locator(cards)).toHaveCount(0);
  await page.getByRole("button", { name: "Show all models" }).click();
  await expect(page.locator(cards)).toHaveCount(catalog.models.length);
});

test("reaches a model by keyboard alone", async ({ page }) => {
  await page.goto("");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.getByRole("link", { name: "Silero VAD" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Silero VAD");
});

test("an address that does not exist leads back to the models", async ({ page, complaints }) => {
  const reply = await page.goto("models/nonesuch/");
  expect(reply?.status()).toBe(404);
  await page.getByRole("link", { name: "See all models" }).click();
  await expect(page.locator(cards)).toHaveCount(catalog.models.length);
  // The browser reports the 404 itself.
  complaints.splice(0);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("the list is there, and nothing that could not work", async ({ page }) => {
    await page.goto("");
    await expect(page.locator(cards)).toHaveCount(catalog.models.length);
    await expect(page.getByRole("searchbox")).toBeHidden();
  });
});
