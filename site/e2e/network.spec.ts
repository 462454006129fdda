import { expect, model, test } from "./test.ts";

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("what was read out of the weights stands on the model's page", async ({ page }) => {
    await page.goto(model("efficientnet-lite0"));
    const network = page.locator("#network");
    await expect(network).toContainText("4,694,024, float32");
    await expect(network).toContainText("50 layers with weights");
    await expect(network).toContainText("ReLU6 × 33");
    await expect(network.getByRole("listitem").first()).toHaveText(/Conv\s*49/);
  });

  test("a format that is not read is said to be so", async ({ page }) => {
    const id = "general-purpose-self-supervised-embeddings-of-very-large-images";
    await page.goto(model(id));
    await expect(page.locator("#network")).toContainText("torchscript are not read");
  });

  test("trends are drawn, with the numbers beside", async ({ page }) => {
    await page.goto("trends/");
    await expect(page.getByRole("group", { name: "Parameters, drawn" })).toBeVisible();
    await expect(page.getByRole("img", { name: /^Parameters by year/ })).toBeVisible();
    const table = page.getByRole("table", { name: /^Activations of / });
    const row = table.getByRole("row", { name: /^ReLU6/ });
    await expect(row.getByRole("cell").first()).toHaveText("1");
    await expect(row.locator(".share").first()).toBeVisible();
  });
});
