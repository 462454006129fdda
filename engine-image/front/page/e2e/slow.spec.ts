import { models, npy } from "../../tests/server.ts";
import { expect, test } from "./test.ts";

test.use({ model: `${models}slow` });

const steps = (count: number) => ({
  name: "steps.npy",
  mimeType: "application/octet-stream",
  buffer: npy([count]),
});

test("tells how far a long prediction is", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel(/Choose a file/).setInputFiles(steps(800));
  await expect(page.getByRole("progressbar")).toBeVisible();
  await expect(page.getByText(/Predicting, \d+\.\d\s%/)).toBeVisible();
  await expect(page.getByRole("region", { name: "Result" })).toContainText("800");
});

test("gives up a prediction when asked to, and makes the next one", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel(/Choose a file/).setInputFiles(steps(6000));
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("Cancelled.")).toBeVisible();
  await page.getByLabel(/Choose a file/).setInputFiles(steps(1));
  await expect(page.getByRole("region", { name: "Result" })).toContainText("in the model");
});
