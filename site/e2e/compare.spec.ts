import { AxeBuilder } from "@axe-core/playwright";
import { expect, model, test } from "./test.ts";

test("two picked models are set side by side, and what differs is marked", async ({ page }) => {
  await page.goto("");
  await page.getByLabel("Compare SqueezeNet").check();
  await expect(page.getByText("Pick another model")).toBeVisible();
  await page.getByLabel("Compare EfficientNet-Lite0").check();
  await page.getByRole("link", { name: "Compare 2 models" }).click();
  await expect(page).toHaveURL(/compare\/\?ids=squeezenet,efficientnet-lite0$/);
  await expect(page.getByRole("row", { name: /^Architecture/ })).toHaveText(
    "ArchitecturediffersSqueezeNet 1.0EfficientNet-Lite0",
  );
  await expect(page.getByRole("row", { name: /^Framework/ })).not.toContainText("differs");
  await page.getByLabel("Only what differs").check();
  await expect(page.getByRole("row", { name: /^Framework/ })).toHaveCount(0);
});

test("what was picked stays picked while the list changes", async ({ page }) => {
  await page.goto("");
  await page.getByLabel("Compare SqueezeNet").check();
  await page.getByLabel("Search models").fill("silero");
  await page.getByLabel("Compare Silero VAD").check();
  await expect(page.getByRole("link", { name: "Compare 2 models" })).toHaveAttribute(
    "href",
    /ids=squeezenet,silero-vad$/,
  );
});

test("from a model's page, another is added by its title and taken away again", async ({
  page,
}) => {
  await page.goto(model("silero-vad"));
  await page.getByRole("link", { name: "with another model" }).click();
  await expect(page.getByRole("columnheader")).toHaveCount(1);
  await page.getByLabel("Model", { exact: true }).fill("squeezenet");
  await page.getByRole("button", { name: "Add" }).click();
  await expect(page.getByRole("columnheader")).toHaveCount(2);
  await page.getByRole("button", { name: "Remove Silero VAD" }).click();
  await expect(page).toHaveURL(/\?ids=squeezenet$/);
});

test("an unknown model is named", async ({ page, complaints }) => {
  await page.goto("compare/?ids=silero-vad,nonesuch");
  await expect(page.getByText("There is no model “nonesuch”.")).toBeVisible();
  await expect(page.getByRole("columnheader")).toHaveCount(1);
  // The browser reports the 404 itself.
  complaints.splice(0);
});

test("hostile words stay words", async ({ page }) => {
  await page.goto("compare/?ids=cell-counter,silero-vad");
  await expect(page.getByRole("columnheader").first()).toContainText("Cells <b>counted</b>");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing in a comparison, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 320, height: 800 });
    await page.goto("compare/?ids=cell-counter,silero-vad");
    await expect(page.getByRole("columnheader")).toHaveCount(2);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])).toEqual([]);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
  });
}

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("says where the same facts stand", async ({ page }) => {
    await page.goto("compare/");
    await expect(page.getByText("This page needs script.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Add" })).toBeHidden();
  });
});
