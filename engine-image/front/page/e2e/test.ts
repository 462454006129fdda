import { fileURLToPath } from "node:url";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { test as base, expect, expectCopied, expectReported } from "../../../../site/e2e/test.ts";
import { models, startServer, type TestServer } from "../../tests/server.ts";

export { expect, expectCopied, expectReported };

/** The models of these tests, beside those of the worker's. */
export const own = fileURLToPath(new URL("models/", import.meta.url));

/** A page of a running engine. `model` is the folder of its model. */
export const test = base.extend<object, { model: string; server: TestServer }>({
  model: [`${models}colours`, { option: true, scope: "worker" }],
  server: [
    async ({ model }, use) => {
      const server = await startServer(model);
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.url),
});

/** What axe finds on the page, and by how many pixels it is too wide. */
export async function faults(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
  return overflow > 0 ? [...found, ["overflow", overflow]] : found;
}

/** The widths and colours in which a page is looked at. */
export const views = [
  { colorScheme: "light", width: 320 },
  { colorScheme: "dark", width: 1280 },
] as const;

export async function view(page: Page, { colorScheme, width }: (typeof views)[number]) {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 900 });
}
