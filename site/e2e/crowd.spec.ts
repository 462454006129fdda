import { rmSync } from "node:fs";
import { buildSite } from "./build.ts";
import { bitmap } from "./catalog/inputs.ts";
import { type Sketch, sketches } from "./catalog/sketches.ts";
import { serve } from "./serve.ts";
import { test as base, expect } from "./test.ts";

/** A registry with more models than the front page has cards. */

const test = base.extend<object, { crowded: string }>({
  crowded: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
    async ({}, use) => {
      const folder = await buildSite("https://example.org/modelhub/", [...crowd(), bitmapModel()]);
      const site = await serve(folder, "/modelhub/");
      await use(site.url);
      await site.close();
      rmSync(folder, { recursive: true });
    },
    { scope: "worker", timeout: 600_000 },
  ],
  baseURL: ({ crowded }, use) => use(crowded),
});

// One worker, so that the site is built once.
test.describe.configure({ mode: "default" });

const named = (sketch: Sketch, id: string, title: string): Sketch => ({
  ...structuredClone(sketch),
  config: { ...structuredClone(sketch.config), id, title },
});

/** The models of the test catalog, and four more of each. */
function crowd(): Sketch[] {
  const trees = ["Alder", "Birch", "Cedar", "Xylosma"];
  const more = sketches.flatMap((sketch) =>
    trees.map((tree) =>
      named(sketch, `${tree.toLowerCase()}-${sketch.config.id}`, `${tree} ${sketch.config.title}`),
    ),
  );
  return [...sketches, ...more];
}

/** The last by title, with a bitmap as its sample. */
function bitmapModel(): Sketch {
  const sketch = named(sketches[0] as Sketch, "zebrano", "Zebrano");
  const { config, results = {} } = sketch;
  const [[id, result] = []] = Object.entries(results);
  const inputs = config.inputs.map((input) => ({ ...input, mediaTypes: ["image/bmp"] }));
  return {
    ...sketch,
    config: { ...config, inputs },
    ...(id && result && { results: { [id]: { ...result, input: bitmap() } } }),
  };
}

test("the front page holds the first cards, and a search pictures all others too", async ({
  page,
}) => {
  await page.goto("");
  await expect(page.locator("[data-card]")).toHaveCount(24);
  await expect(page.locator("[data-card=zebrano]")).toHaveCount(0);
  await page.getByLabel("Search models").fill("xylosma");
  const card = page.locator("[data-card=xylosma-efficientnet-lite0]");
  await expect(card.locator("img")).toHaveJSProperty("naturalWidth", 480);
  await expect(card.locator(".plate-out")).toContainText("espresso");
  await expect(page.locator("[data-card=xylosma-leaf-disease] .plate")).toHaveText(
    "No sample to show",
  );
});

test("a picture is fetched when its card comes near the window, and once", async ({ page }) => {
  const fetched: string[] = [];
  page.on("request", (request) => {
    const [, id] = /\/models\/([^/]+)\/$/.exec(request.url()) ?? [];
    if (id) fetched.push(id);
  });
  await page.setViewportSize({ width: 390, height: 700 });
  await page.goto("?sort=size");
  const cards = page.locator("[data-card]");
  await expect(cards).toHaveCount(24);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect.poll(() => cards.count()).toBeGreaterThan(24);
  await page.getByLabel("Search models").fill("zebrano");
  await expect(page.locator("[data-card=zebrano] img")).toHaveJSProperty("naturalWidth", 2);
  const later = await page.evaluate(() => fetch("api/v1/search/0.json").then((r) => r.json()));
  expect(fetched.length).toBeLessThan(later.models.length - 24);
  await page.getByLabel("Search models").fill("zebran");
  await expect(page.locator("[data-card=zebrano] img")).toHaveJSProperty("naturalWidth", 2);
  expect(fetched.filter((id) => id === "zebrano")).toHaveLength(1);
});

test("a model's page shows a bitmap as the picture that it is", async ({ page }) => {
  await page.goto("models/zebrano/");
  await expect(page.locator("#samples img").first()).toHaveJSProperty("naturalWidth", 2);
});
