import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

export { expect };

/** A page below the site's address that fails its test for any request elsewhere and any error. */
export const test = base.extend<{ complaints: string[] }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
  baseURL: async ({}, use) => use(process.env["MODELHUB_E2E_URL"] ?? ""),
  complaints: [
    async ({ context, baseURL }, use) => {
      const complaints: string[] = [];
      const origin = new URL(baseURL ?? "").origin;
      await context.route(
        (url) => url.origin !== origin,
        (route) => {
          complaints.push(`request to ${route.request().url()}`);
          return route.abort();
        },
      );
      // The browser reports what the content security policy refuses as an error of the console.
      context.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      context.on("weberror", (error) => complaints.push(error.error().message));
      await use(complaints);
      expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

export interface View {
  colorScheme: "light" | "dark";
  width: number;
}

/** The widths and colours in which a page is looked at. */
export const views: readonly View[] = [
  { colorScheme: "light", width: 320 },
  { colorScheme: "dark", width: 1280 },
];

export async function view(page: Page, { colorScheme, width }: View): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 900 });
}

/** What axe finds on the page, outside of what a selector names, and by how many pixels it is too wide. */
export async function faults(page: Page, outside?: string): Promise<unknown[]> {
  // The other mode opens a second page for frames of other origins, which no page of ours has.
  const axe = new AxeBuilder({ page }).setLegacyMode();
  if (outside) axe.exclude(outside);
  const { violations } = await axe.analyze();
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  const found = violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
  return overflow > 0 ? [...found, ["overflow", overflow]] : found;
}

export const model = (path: string): string => `models/${path}/`;

/** Wait until the browser has reported, by itself, the one reply of this status. */
export async function expectReported(complaints: string[], status: number): Promise<void> {
  const reported = expect.stringContaining(`status of ${status}`);
  await expect.poll(() => complaints).toEqual([reported]);
  complaints.splice(0);
}

/**
 * Press a button that copies, and says so for a while, until the clipboard has these parts: browsers
 * of tests beside this one have the same clipboard.
 */
export async function expectCopied(page: Page, button: string, ...parts: string[]): Promise<void> {
  await expect(async () => {
    await page.getByRole("button", { name: button }).click();
    await expect(page.getByText("Copied", { exact: true })).toBeVisible({ timeout: 2000 });
    const text = await page.evaluate(() => navigator.clipboard.readText());
    for (const part of parts) expect(text).toContain(part);
  }).toPass({ timeout: 120_000 });
}
