import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { withArrays } from "#ci/arrays.ts";
import type { Came } from "#ci/compare.ts";
import type { Prediction } from "#schema/record.ts";
import { words } from "#viewers/format.ts";
import { readNpy } from "#viewers/npy.ts";
import type { TestServer } from "../../engine-image/front/tests/server.ts";
import { test as base } from "./test.ts";

/** A page of a site whose models browsers can run; `models` holds their folders. */
export const test = base.extend<{ place: { url: string; models: string } }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
  place: async ({}, use) =>
    use({
      url: process.env["MODELHUB_E2E_TRY_URL"] ?? "",
      models: process.env["MODELHUB_E2E_TRY_MODELS"] ?? "",
    }),
  baseURL: async ({ place }, use) => use(place.url),
});

export const run = (page: Page) =>
  page.getByRole("button", { name: "Run in this browser" }).click();

export const result = (page: Page) => page.getByRole("region", { name: "Result" });

/** What the page made, arrays as numbers. */
export async function predicted(page: Page): Promise<Came[]> {
  const json = await downloaded(page, result(page).getByRole("link", { name: "Download as JSON" }));
  const outputs: Prediction[] = JSON.parse(json.toString());
  return Promise.all(
    outputs.map(async (output) => {
      if (output.prediction !== `${output.name}.npy`) return output;
      const section = result(page).getByRole("region", { name: words(output.name), exact: true });
      const file = await downloaded(
        page,
        section.getByRole("link", { name: "Download the array" }),
      );
      return { ...output, prediction: readNpy(file) };
    }),
  );
}

async function downloaded(page: Page, link: ReturnType<Page["getByRole"]>): Promise<Buffer> {
  const downloading = page.waitForEvent("download");
  await link.click();
  return readFileSync(await (await downloading).path());
}

/** What the engine makes of the same body, by output id, arrays as numbers. */
export async function askEngine(
  engine: TestServer,
  init: RequestInit,
): Promise<Record<string, unknown>> {
  const ask = (accept: string) =>
    engine.fetch("/api/predict", { ...init, headers: { Accept: accept } });
  const { output }: { output: Prediction[] } = await (await ask("application/json")).json();
  const came = await withArrays(output, async () => (await ask("application/x-npy")).bytes());
  return Object.fromEntries(came.map(({ name, prediction }) => [name, prediction]));
}
