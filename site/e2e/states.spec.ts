import { expect, model, test } from "./test.ts";

test("a version without a build says that it waits", async ({ page }) => {
  await page.goto(model("leaf-disease"));
  await expect(page.getByText("Waits for its first build", { exact: true }).first()).toBeVisible();
  await expect(page.locator("#run")).toContainText("waits for its first build");
  await expect(page.getByRole("heading", { name: "Samples" })).toHaveCount(0);
  await expect(page.locator("#source")).toContainText("example/leaf-disease");
});

test("an old version points to the newest", async ({ page }) => {
  await page.goto(model("efficientnet-lite0/1.0.0"));
  await expect(page.getByText("This is version 1.0.0.")).toBeVisible();
  await page.getByRole("link", { name: "Version 1.1.0" }).click();
  await expect(page).toHaveURL(/models\/efficientnet-lite0\/$/);
});

test("a yanked version says why, since when, and what to use", async ({ page }) => {
  await page.goto(model("efficientnet-lite0/1.0.1"));
  const notice = page.locator(".notice.bad");
  await expect(notice).toContainText(
    "Withdrawn on 2026-03-02. Reads the colour channels in the wrong order.",
  );
  await expect(notice.getByRole("link", { name: "version 1.1.0" })).toBeVisible();
  await expect(page.locator('meta[name="robots"]')).toHaveAttribute("content", "noindex");
  await expect(page.locator("#versions")).toContainText("withdrawn");
});

test("a deprecated model says why and names its successor", async ({ page }) => {
  await page.goto(model("squeezenet"));
  await expect(page.locator(".notice.warn")).toContainText("Deprecated. A newer network");
  await page.getByRole("link", { name: "EfficientNet-Lite0" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("EfficientNet-Lite0");
});

test("the newest version has its own address too", async ({ page }) => {
  await page.goto(model("efficientnet-lite0"));
  await page.locator("#versions").getByRole("link", { name: "1.1.0" }).click();
  await expect(page).toHaveURL(/efficientnet-lite0\/1\.1\.0\/$/);
  await expect(page.getByText("This is version")).toHaveCount(0);
});
