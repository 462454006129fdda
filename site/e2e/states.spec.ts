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
  await expect(page.locator(".status li").first()).toHaveText("Yanked");
  const notice = page.locator(".notice.bad");
  await expect(notice).toContainText(
    "Yanked on 2026-03-02. Reads the colour channels in the wrong order.",
  );
  await expect(notice).toContainText("can still be pulled by its digest");
  const successor = notice.getByRole("link", { name: "version 1.0.2" });
  await expect(successor).toHaveAttribute("href", /efficientnet-lite0\/1\.0\.2\/$/);
  await expect(page.locator('meta[name="robots"]')).toHaveAttribute("content", "noindex");
  await expect(page.locator("#versions")).toContainText("yanked");
});

test("a removed version is a tombstone: why, since when, and nothing to run", async ({ page }) => {
  await page.goto(model("efficientnet-lite0/0.9.0"));
  const notice = page.locator(".notice.bad");
  await expect(notice).toContainText("Removed on 2026-02-11. A password was in its folder.");
  await expect(notice.getByRole("link", { name: "version 1.1.0" })).toBeVisible();
  await expect(page.locator(".status")).toHaveText("Removed");
  await expect(page.locator("#run")).toContainText("the images of this version are deleted");
  await expect(page.getByText("waits for its first build")).toHaveCount(0);
  await expect(page.locator("#source")).toContainText("example/efficientnet-lite0");
});

test("versions say what changed since the one before", async ({ page }) => {
  await page.goto(model("efficientnet-lite0"));
  const newest = page.locator("#versions li", { hasText: "newest" });
  await expect(newest).toContainText("2026-05-17");
  await expect(newest).toContainText("Since the version before: model.py, ");
  await expect(page.locator("#versions li", { hasText: "0.9.0" })).toContainText("removed");
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
