import { expect, faults, model } from "./test.ts";
import { test } from "./try.ts";

test("Netron draws the published weights in a frame, and asks no other host", async ({ page }) => {
  const requested: string[] = [];
  page.on("request", (request) => requested.push(new URL(request.url()).pathname));
  await page.goto(model("no-code-labels"));
  expect(requested.filter((path) => /netron|\.onnx$/.test(path))).toEqual([]);
  await page.getByRole("button", { name: "Draw the graph" }).press("Enter");
  const frame = page.frameLocator("iframe");
  await expect(frame.locator("#canvas")).toContainText("GlobalAveragePool");
  await expect(page.getByText("choose a node for its attributes")).toBeVisible();
  // Netron got them from the page, which had checked them.
  expect(requested.filter((path) => path.endsWith(".onnx"))).toHaveLength(1);
  expect(await page.context().cookies()).toEqual([]);
  // Netron's own page can't be looked into.
  expect(await faults(page, "iframe")).toEqual([]);
});

test("weights that are not the published ones are not drawn", async ({ page }) => {
  await page.route("**/*.onnx", (route) => route.fulfill({ body: "something else" }));
  await page.goto(model("no-code-labels"));
  await page.getByRole("button", { name: "Draw the graph" }).click();
  await expect(page.getByText(/can't be drawn: Expected SHA-256/)).toBeVisible();
  await expect(page.locator("iframe")).toHaveCount(0);
  await page.unroute("**/*.onnx");
  await page.getByRole("button", { name: "Draw the graph" }).click();
  await expect(page.frameLocator("iframe").locator("#canvas")).toContainText("Mul");
});

test("one input goes through all chosen models at once", async ({ page }) => {
  await page.goto("compare/?ids=no-code-labels,no-code-boxes,no-code-mask");
  await page.getByRole("button", { name: "Run one input through all" }).click();
  const lanes = page.locator(".lanes > section");
  for (const at of [0, 1, 2]) await expect(lanes.nth(at)).toContainText("ran in this browser");
  await expect(lanes.nth(0)).toContainText("red");
  await expect(lanes.nth(1)).toContainText("square");
  const file = {
    name: "turned.png",
    mimeType: "image/png",
    buffer: Buffer.from(onePixel, "base64"),
  };
  await page.locator("input[type=file]").setInputFiles(file);
  await expect(page.getByRole("img", { name: "turned.png" }).first()).toBeVisible();
  for (const at of [0, 1, 2]) await expect(lanes.nth(at)).toContainText("ran in this browser");
});

const onePixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
