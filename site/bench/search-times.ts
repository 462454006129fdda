import { cpSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { serve } from "../e2e/serve.ts";

const queries = [
  ..."aurora birch".split("").map((_, at) => "aurora birch".slice(0, at + 1)),
  "segmentation",
  "radiology heron",
  "imgae",
  "memory<2GB",
  "task=segmentation && memory<1GB",
  "embedding && (year>2018 || latency<20ms)",
  "author~author12",
  "fjord commercial=yes",
  "!task=embedding",
];

/** From a keystroke to the drawn list, in Chromium; and the wait for the first answer. */
export async function searchTimes(site: string, api: string) {
  cpSync(api, join(site, "api"), { recursive: true });
  const served = await serve(site, "/");
  const browser = await chromium.launch({
    executablePath: process.env["MODELHUB_CHROMIUM"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage();
    await page.goto(served.url);
    const start = performance.now();
    await page.getByLabel("Search models").fill("segmentation");
    await page.waitForFunction(() =>
      / of /.test(document.querySelector("[data-count]")?.textContent ?? ""),
    );
    const first = performance.now() - start;
    const times = await page.evaluate(async (all) => {
      const field = document.querySelector<HTMLInputElement>("#q");
      const list = document.querySelector("[data-cards]");
      const taken: number[] = [];
      for (const query of [...all, ...all, ...all]) {
        if (!field || !list) throw new Error("this is not the front page");
        await new Promise((resolve) => setTimeout(resolve, 20));
        const before = performance.now();
        field.value = query;
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        // The answer is drawn in the microtasks that follow; reading a size makes the layout happen.
        await new Promise((resolve) => setTimeout(resolve, 0));
        list.getBoundingClientRect();
        taken.push(performance.now() - before);
      }
      return taken.sort((a, b) => a - b);
    }, queries);
    const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(1);
    return { "first answer ms": Math.round(first), "p50 ms": at(0.5), "p95 ms": at(0.95) };
  } finally {
    await browser.close();
    await served.close();
  }
}
