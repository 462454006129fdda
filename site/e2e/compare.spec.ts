import { expect, expectReported, faults, model, test, view } from "./test.ts";

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
  await expectReported(complaints, 404);
});

test("hostile words stay words", async ({ page }) => {
  await page.goto("compare/?ids=cell-counter,silero-vad");
  await expect(page.getByRole("columnheader").first()).toContainText("Cells <b>counted</b>");
});

test("networks stand side by side: facts, operators, and graphs with what they don't share", async ({
  page,
}) => {
  await page.goto("compare/?ids=squeezenet,efficientnet-lite0,silero-vad");
  await expect(page.getByRole("row", { name: /^Layers with weights/ })).toHaveText(
    "Layers with weightsdiffers1850–",
  );
  await expect(page.getByRole("row", { name: /^BatchNormalization/ }).first()).toHaveText(
    "BatchNormalizationdiffers049–",
  );
  const graphs = page.getByRole("img", { name: /SqueezeNet has 65 operators/ });
  await expect(graphs).toContainText("≠ BatchNormalization");
  await expect(graphs).toContainText("≈ Conv");
  await page.getByRole("button", { name: "Remove EfficientNet-Lite0" }).click();
  await expect(graphs).toHaveCount(0);
});

test("models that don't run here show what was recorded for a sample, or the line that runs them", async ({
  page,
}) => {
  await page.goto("compare/?ids=squeezenet,efficientnet-lite0");
  await page.getByRole("button", { name: "Run one input through all" }).click();
  for (const [name, share] of [
    ["SqueezeNet", "74.0"],
    ["EfficientNet-Lite0", "96.1"],
  ] as const) {
    const lane = page.getByRole("region", { name, exact: true });
    await expect(lane).toContainText(share);
    await expect(lane).toContainText("as recorded when the image was tested");
  }
  await page.getByRole("button", { name: "A leaf with brown spots" }).click();
  const lane = page.getByRole("region", { name: "SqueezeNet", exact: true });
  await expect(
    lane.getByText(/^docker run --rm -i .*squeezenet@sha256:.* predict - < leaf.jpg$/),
  ).toBeVisible();
  await page.locator("input[type=file]").setInputFiles({
    name: "words.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("words"),
  });
  await expect(lane).toContainText("takes image/jpeg or image/png, not text/plain");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing in a comparison, ${colorScheme}`, async ({ page }) => {
    await view(page, { colorScheme, width: 320 });
    await page.goto("compare/?ids=squeezenet,efficientnet-lite0,cell-counter");
    await expect(page.getByRole("columnheader")).toHaveCount(3);
    await page.getByRole("button", { name: "Run one input through all" }).click();
    await expect(page.getByText("as recorded when the image was tested")).toHaveCount(2);
    expect(await faults(page)).toEqual([]);
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
