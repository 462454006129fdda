import { closeSync, openSync, truncateSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { serve } from "./serve.ts";
import { expect, expectReported, model } from "./test.ts";
import { result, run, test } from "./try.ts";

const problem = (page: Page) => result(page).getByRole("alert");

/** After whatever went wrong, the page runs the sample. */
async function recovers(page: Page, sample: string): Promise<void> {
  await page.getByRole("button", { name: sample }).click();
  await expect(result(page)).toContainText("ran in this browser");
}

async function choose(page: Page, name: string, content: string): Promise<void> {
  const file = { name, mimeType: "application/octet-stream", buffer: Buffer.from(content) };
  await page.locator("input[type=file]").setInputFiles(file);
}

for (const { id, file, says } of [
  { id: "no-code-labels", file: "notes.png", says: "it is no picture that this browser reads." },
  {
    id: "notes",
    file: "song.wav",
    says: "it is no WAV file. “sound” takes audio/wav or audio/flac.",
  },
  { id: "deepbrain", file: "head.nii.gz", says: "it is no NIfTI, NRRD or DICOM of one volume" },
  { id: "breast-cytology", file: "cells.csv", says: "Row 1 has no finite number in column" },
])
  test(`${id}: says what was expected of a file that is another`, async ({ page }) => {
    await page.goto(model(id));
    await run(page);
    await choose(page, file, "none of these\nat all");
    await expect(problem(page)).toContainText(says);
  });

test("refuses a file that is too large before it reads it", async ({ page }) => {
  const file = test.info().outputPath("large.png");
  closeSync(openSync(file, "w"));
  truncateSync(file, 2 ** 30);
  await page.goto(model("no-code-labels"));
  await run(page);
  await page.locator("input[type=file]").setInputFiles(file);
  await expect(problem(page)).toContainText("large.png has 1.1\u00a0GB; a page reads up to");
  await expect(problem(page)).toContainText("Run the model on your own machine");
  await recovers(page, "Blocks of colour");
});

test("says when the network is lost amid the weights, and goes on when it is back", async ({
  page,
  place,
}) => {
  let isLost = true;
  const pages = join(place.models, "../pages");
  const site = await serve(pages, "/modelhub/", (file) => isLost && file.endsWith(".onnx"));
  await page.route(`${new URL(site.url).origin}/**`, (route) => route.continue());
  await page.goto(`${site.url}${model("text-regions")}`);
  await run(page);
  await expect(problem(page)).toContainText("The connection broke off");
  await expect(problem(page)).toContainText(/of 4.7\u00a0MB of the weights had come/);
  isLost = false;
  await result(page).getByRole("button", { name: "Try again" }).click();
  await expect(result(page)).toContainText("ran in this browser");
  await site.close();
});

test("a sample that is still on its way has taken away what another gave", async ({ page }) => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.goto(model("fashion-items"));
  await run(page);
  await expect(result(page)).toContainText("ran in this browser");
  await page.route("**/*trouser*.png", async (route) => {
    await released;
    await route.continue();
  });
  await page.getByRole("button", { name: "A trouser" }).click();
  await expect(result(page)).not.toContainText("ran in this browser");
  release();
  await expect(result(page).getByRole("listitem").first()).toContainText("trouser");
});

test("says when a sample doesn't come, and goes on when it does", async ({ page, complaints }) => {
  await page.goto(model("fashion-items"));
  await run(page);
  await expect(result(page)).toContainText("ran in this browser");
  await page.route("**/*trouser*.png", (route) => route.fulfill({ status: 503 }));
  await page.getByRole("button", { name: "A trouser" }).click();
  await expect(problem(page)).toContainText("The server answers 503.");
  await expectReported(complaints, 503);
  await page.unroute("**/*trouser*.png");
  await result(page).getByRole("button", { name: "Try again" }).click();
  await expect(result(page).getByRole("listitem").first()).toContainText("trouser");
});

test("says when a model asks for more memory than a page has", async ({ page }) => {
  await page.goto(model("too-large"));
  await run(page);
  await expect(problem(page)).toContainText("This doesn't fit into a browser's memory");
  await expect(problem(page)).toContainText("run the model on your own machine");
  await page.goto(model("no-code-labels"));
  await run(page);
  await recovers(page, "Blocks of colour");
});
