import { expect, faults, model, test, view, views } from "./test.ts";

const pages = {
  front: "",
  "empty search": "?q=nonesuch",
  "search with a problem": "?q=memry<2GB",
  "all models": "all/",
  tasks: "tasks/",
  person: "people/mingxing-tan/",
  "empty comparison": "compare/",
  trends: "trends/",
  docs: "docs/",
  guide: "docs/use/",
  "contribute guide": "docs/contribute/",
  "words guide": "docs/words/",
  "reference of keys": "docs/reference/config/",
  "reference of commands": "docs/reference/commands/",
  "reference of the API": "docs/reference/api/",
  "reference of operations": "docs/reference/operations/",
  benchmarks: "benchmarks/",
  benchmark: "benchmarks/imagenet/",
  collection: "collections/first-steps/",
  publications: "publications/",
  queue: "queue/",
  "page that is not there": "404.html",
  "model with labels": model("efficientnet-lite0"),
  "model with a vector": model("silero-vad"),
  "hostile model": model("cell-counter"),
  "long model": model("general-purpose-self-supervised-embeddings-of-very-large-images"),
  "unbuilt model": model("leaf-disease"),
  "yanked version": model("efficientnet-lite0/1.0.1"),
  "removed version": model("efficientnet-lite0/0.9.0"),
  "deprecated model": model("squeezenet"),
};

for (const [name, path] of Object.entries(pages)) {
  for (const one of views) {
    test(`axe finds nothing: ${name}, ${one.colorScheme}, ${one.width} px`, async ({ page }) => {
      await view(page, one);
      await page.goto(path);
      // What is folded counts too.
      await page.locator("details").evaluateAll((all) => {
        for (const details of all) details.setAttribute("open", "");
      });
      expect(await faults(page)).toEqual([]);
    });
  }
}

test("text at twice its size keeps its lines long enough to read", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto(pages["model with labels"]);
  const widths = await page.evaluate(() => {
    document.documentElement.style.fontSize = "200%";
    return [...document.querySelectorAll(".model-body pre")]
      .filter((text) => text.checkVisibility())
      .map((text) => text.clientWidth / 16);
  });
  expect(widths.length).toBeGreaterThan(3);
  // In letters, of which each is about half as wide as the text is high.
  expect(Math.min(...widths)).toBeGreaterThan(40);
});

for (const [name, path] of Object.entries(pages)) {
  test(`text at twice its size stays inside the window: ${name}`, async ({ page }) => {
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(path);
      const beyond = await page.evaluate(() => {
        document.documentElement.style.fontSize = "200%";
        for (const details of document.querySelectorAll("details")) details.open = true;
        return document.documentElement.scrollWidth - innerWidth;
      });
      expect(beyond, `${width} px`).toBeLessThanOrEqual(0);
    }
  });
}

test("a table that is wider than a phone scrolls by itself, under a caption that is all seen", async ({
  page,
}) => {
  await page.setViewportSize({ width: 320, height: 800 });
  await page.goto(pages.trends);
  const table = page.getByRole("group", { name: "What is usual by task" });
  const caption = table.locator("caption");
  await table.evaluate((scroll) => scroll.scrollTo({ left: scroll.scrollWidth }));
  expect(await table.evaluate((scroll) => scroll.scrollLeft)).toBeGreaterThan(0);
  const [outer, inner] = [await table.boundingBox(), await caption.boundingBox()];
  if (!outer || !inner) throw new Error("the page has no such table");
  expect(inner.x).toBeGreaterThanOrEqual(outer.x);
  expect(inner.x + inner.width).toBeLessThanOrEqual(outer.x + outer.width + 1);
});

test("two models stand beside each other on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 800 });
  await page.goto("compare/?ids=efficientnet-lite0,squeezenet");
  const table = page.locator(".scroll", { has: page.locator(".comparison") });
  await expect(table.getByRole("row", { name: /^Parameters differs/ })).toBeVisible();
  expect(await table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(beyond).toBeLessThanOrEqual(0);
});
