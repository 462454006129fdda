import { AxeBuilder } from "@axe-core/playwright";
import { expect, model, test } from "./test.ts";

const pages = {
  front: "",
  "empty search": "?q=nonesuch",
  "search with a problem": "?q=memry<2GB",
  "all models": "all/",
  tasks: "tasks/",
  person: "people/mingxing-tan/",
  "empty comparison": "compare/",
  "model with labels": model("efficientnet-lite0"),
  "model with a vector": model("silero-vad"),
  "hostile model": model("cell-counter"),
  "long model": model("general-purpose-self-supervised-embeddings-of-very-large-images"),
  "unbuilt model": model("leaf-disease"),
  "yanked version": model("efficientnet-lite0/1.0.1"),
  "deprecated model": model("squeezenet"),
};

const views = [
  { colorScheme: "light", width: 320 },
  { colorScheme: "dark", width: 1280 },
] as const;

for (const [name, path] of Object.entries(pages)) {
  for (const { colorScheme, width } of views) {
    test(`axe finds nothing: ${name}, ${colorScheme}, ${width} px`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      await page.goto(path);
      // What is folded counts too.
      await page.locator("details").evaluateAll((all) => {
        for (const details of all) details.setAttribute("open", "");
      });
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    });
  }
}
