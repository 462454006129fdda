import { catalog } from "./catalog.ts";
import { expect, expectReported, model, test } from "./test.ts";

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
  const search = page.getByLabel("Search models");
  for (const [query, title] of [
    ["SILERO", "Silero VAD"],
    ["leaf disease", "Leaf Disease"],
    ["iandola", "SqueezeNet"],
    ["voice speech", "Silero VAD"],
    ["vit-base bartholomaus", "Self-supervised vision"],
  ] as const) {
    await search.fill(query);
    await expect(page.locator(cards)).toHaveCount(1);
    await expect(page.locator(cards)).toContainText(title);
    await expect(page.locator("[data-count]")).toHaveText(`1 of ${catalog.models.length} models`);
  }
});

test("keeps the search in the address, and back brings it again", async ({ page }) => {
  await page.goto("");
  await page.getByLabel("Search models").fill("espresso coffee");
  await page.getByLabel("Search models").fill("cell");
  await expect(page).toHaveURL(/\?q=cell$/);
  // The index is fetched with the first letter.
  await expect(page.locator(cards)).toHaveCount(1);
  await page.locator(cards).getByRole("link").click();
  await expect(page).toHaveURL(/models\/cell-counter\/$/);
  await page.goBack();
  await expect(page.getByLabel("Search models")).toHaveValue("cell");
  await expect(page.locator(cards)).toHaveCount(1);
});

test("the address follows when the typing rests, and before a link is followed", async ({
  page,
}) => {
  await page.goto("");
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.getByLabel("Search models").pressSequentially("squeezenet");
  await expect(page.locator(cards)).toHaveCount(1);
  await page.clock.runFor(200);
  await expect(page).not.toHaveURL(/\?/);
  await page.clock.resume();
  await expect(page).toHaveURL(/\?q=squeezenet$/);
  await page.getByLabel("Search models").fill("cell");
  await page.locator(cards).getByRole("link", { name: "Cells" }).click();
  await expect(page).toHaveURL(/models\/cell-counter\/$/);
  await page.goBack();
  await expect(page.getByLabel("Search models")).toHaveValue("cell");
});

test("a shared address shows what it was shared for", async ({ page }) => {
  await page.goto("?q=photograph&license=BSD-2-Clause");
  await expect(page.locator(cards)).toHaveCount(1);
  await expect(page.getByLabel("Licence of weights")).toHaveValue("BSD-2-Clause");
});

test("narrows by task with counts", async ({ page }) => {
  await page.goto("");
  await expect(
    page.getByLabel("Task").getByRole("option", { name: "Image classification (3)" }),
  ).toBeAttached();
  await page.getByLabel("Task").selectOption("embedding");
  await expect(page.locator(cards)).toHaveCount(1);
});

test("filters by what was measured and claimed, and counts follow", async ({ page }) => {
  await page.goto("");
  const other = page.getByLabel("Licence of weights").locator("option[value=BSD-2-Clause]");
  await expect(other).toHaveText("BSD-2-Clause (1)");
  await page.getByLabel("Search models").fill("task=image-classification && top1>0.7");
  await expect(page.locator(cards)).toHaveCount(1);
  await expect(page.locator(cards)).toContainText("EfficientNet-Lite0");
  await expect(page.getByLabel("Licence of weights").locator("option").nth(1)).toHaveText(
    "Apache-2.0 (1)",
  );
  await expect(other).toHaveText("BSD-2-Clause (0)");
  await page.keyboard.press("Escape");
  await expect(other).toHaveText("BSD-2-Clause (1)");
});

test("narrows by what runs in a browser, and by the licence of the samples", async ({ page }) => {
  await page.goto("?q=browser%3Dno");
  const built = catalog.models.filter(({ platforms }) => platforms.length > 0);
  await expect(page.locator(cards)).toHaveCount(built.length);
  await page.goto("?q=gpu%3Dyes");
  await expect(page.locator(cards)).toHaveCount(0);
  await page.goto("?data=CC0-1.0&q=voice");
  await expect(page.locator(cards)).toHaveCount(1);
});

test("a filter that can't be read is answered by a sentence; the list stays", async ({ page }) => {
  await page.goto("");
  await page.getByLabel("Search models").fill("memry<2GB");
  await expect(page.getByText("did you mean “memory”?")).toBeVisible();
  await expect(page.getByLabel("Search models")).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator(cards)).toHaveCount(catalog.models.length);
  await page.getByLabel("Search models").fill("memory<2GB");
  await expect(page.getByText("did you mean")).toHaveCount(0);
});

test("offers fields and their values as one types", async ({ page }) => {
  await page.goto("");
  await page.getByLabel("Search models").fill("cell && lice");
  await expect(page.locator("#completions option").first()).toHaveAttribute(
    "value",
    "cell && license=",
  );
});

test("orders by what was measured, and the address keeps it", async ({ page }) => {
  await page.goto("");
  await page.getByText("More filters and order").click();
  await page.getByLabel("Order").selectOption("fastest");
  await expect(page).toHaveURL(/\?sort=latency$/);
  await expect(page.locator(cards).first()).toContainText("Silero VAD");
  await page.getByLabel("Order").selectOption("best match, then title");
  await expect(page.locator(cards).first()).toContainText("Cells");
});

test("a typing error finds what is near, and says so", async ({ page }) => {
  await page.goto("?q=sqeezenet");
  await expect(page.locator(cards)).toHaveCount(1);
  await expect(page.locator("[data-count]")).toContainText("Nothing has these words");
});

test("nothing is fetched for the search before somebody asks", async ({ page }) => {
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto("", { waitUntil: "networkidle" });
  expect(requests.filter((url) => /search\/|results\./.test(url))).toEqual([]);
  await page.getByLabel("Search models").focus();
  await expect.poll(() => requests.some((url) => url.endsWith("search/0.json"))).toBe(true);
});

test("the slash key goes to the search, escape clears it", async ({ page }) => {
  await page.goto("");
  await page.keyboard.press("/");
  await expect(page.getByLabel("Search models")).toBeFocused();
  await page.keyboard.type("squeeze");
  await expect(page.locator(cards)).toHaveCount(1);
  await page.keyboard.press("Escape");
  await expect(page.getByLabel("Search models")).toHaveValue("");
  await expect(page.locator(cards)).toHaveCount(catalog.models.length);
  await expect(page).not.toHaveURL(/\?/);
});

test("a view is kept in this browser, found again and forgotten", async ({ page }) => {
  await page.goto("?q=cell");
  await page.getByRole("button", { name: "Keep this view" }).click();
  await expect(page.getByRole("button", { name: "Keep this view" })).toHaveCount(0);
  await page.goto("");
  await page.getByRole("list", { name: "Kept views" }).getByRole("link", { name: "cell" }).click();
  await expect(page.locator(cards)).toHaveCount(1);
  await page.getByRole("button", { name: "Forget cell" }).click();
  await page.goto("");
  await expect(page.getByRole("list", { name: "Kept views" })).toHaveCount(0);
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

test("searches, narrows, picks and compares by keyboard alone", async ({ page }) => {
  const tabTo = async (selector: string) => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector))
        return;
    }
    throw new Error(`no key leads to ${selector}`);
  };
  await page.goto("");
  await page.keyboard.press("/");
  await page.keyboard.type("photograph");
  await expect(page.locator("[data-count]")).toContainText(" of ");
  await tabTo("select[name=task]");
  await page.keyboard.type("Image");
  await expect(page).toHaveURL(/task=image-classification/);
  await tabTo(".more-facets summary");
  await page.keyboard.press("Enter");
  await tabTo("select[name=sort]");
  for (const count of [1, 2]) {
    await tabTo("[data-card] input:not(:checked)");
    await page.keyboard.press("Space");
    await expect(page.locator("[data-card] input:checked")).toHaveCount(count);
  }
  await tabTo("[data-bar] a");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/compare\/\?ids=/);
});

test("the parent of the models' addresses leads to all of them", async ({ page }) => {
  await page.goto("models/");
  await expect(page).toHaveURL(/\/all\/$/);
  await expect(page.locator(".rows h2")).toHaveCount(catalog.models.length);
});

test("the navigation marks where one is", async ({ page }) => {
  const current = page.getByRole("banner").locator("[aria-current]");
  await page.goto("docs/contribute/");
  await expect(current).toHaveText("Contribute");
  await page.goto("benchmarks/imagenet/");
  await expect(current).toHaveText("Benchmarks");
  await page.goto(model("silero-vad"));
  await expect(current).toHaveCount(0);
});

test("an address that does not exist leads back to the models", async ({ page, complaints }) => {
  const reply = await page.goto("models/nonesuch/");
  expect(reply?.status()).toBe(404);
  await page.getByRole("link", { name: "See all models" }).click();
  await expect(page.locator(cards)).toHaveCount(catalog.models.length);
  await expectReported(complaints, 404);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("the list is there, and nothing that could not work", async ({ page }) => {
    await page.goto("");
    await expect(page.locator(cards)).toHaveCount(catalog.models.length);
    await expect(page.getByLabel("Search models")).toBeHidden();
  });

  test("tasks, people and all models are lists that lead on", async ({ page }) => {
    await page.goto("tasks/");
    await page.getByRole("link", { name: "Voice activity detection" }).click();
    await page.getByRole("link", { name: "Silero VAD" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Silero VAD");
    await page.goto("people/mingxing-tan/");
    await expect(page.getByRole("link", { name: "EfficientNet-Lite0" })).toBeVisible();
    await page.goto("all/");
    await expect(page.locator(".rows h2")).toHaveCount(catalog.models.length);
  });
});
