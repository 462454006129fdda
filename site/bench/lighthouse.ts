import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { serve } from "../e2e/serve.ts";
import { packageFolder } from "./tools.ts";

const pages = { front: "", model: "models/efficientnet-lite0/" };
const devices = { phone: [], desktop: ["--preset=desktop"] };
const least = 95;

/** Lighthouse's scores of the front page and a model's; what lies below 95 makes the run fail. */
export async function lighthouseScores(site: string) {
  const served = await serve(site, "/");
  try {
    const rows = [];
    for (const [page, path] of Object.entries(pages)) {
      for (const [device, options] of Object.entries(devices)) {
        rows.push({ page, device, ...(await scoresOf(served.url + path, options)) });
      }
    }
    return rows;
  } finally {
    await served.close();
  }
}

interface Report {
  categories: {
    [id: string]: { score: number | null; auditRefs: { id: string; weight: number }[] };
  };
  audits: { [id: string]: { score: number | null; title: string; numericValue?: number } };
}

async function scoresOf(url: string, options: string[]) {
  const { categories, audits } = await report(url, options);
  const names = ["performance", "accessibility", "best-practices", "seo"];
  const scores = names.map(
    (name) => [name, Math.round((categories[name]?.score ?? 0) * 100)] as const,
  );
  for (const [name, score] of scores) {
    if (score >= least) continue;
    const lost = (categories[name]?.auditRefs ?? [])
      .filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 1)
      .map(({ id }) => audits[id]?.title);
    console.error(
      `${url}: ${name} is ${score}, and ${least} is the least; it lost by ${lost.join("; ")}`,
    );
    process.exitCode = 1;
  }
  return {
    ...Object.fromEntries(scores),
    "LCP s": Number(((audits["largest-contentful-paint"]?.numericValue ?? 0) / 1000).toFixed(1)),
    CLS: Number((audits["cumulative-layout-shift"]?.numericValue ?? 0).toFixed(3)),
  };
}

async function report(url: string, options: string[]): Promise<Report> {
  const lighthouse = packageFolder("lighthouse", "13.5.0");
  const command = join(lighthouse, "node_modules/lighthouse/cli/index.js");
  const chrome = "--chrome-flags=--headless=new --no-sandbox --disable-gpu";
  const args = [command, url, "--quiet", "--output=json", chrome, ...options];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    maxBuffer: 2 ** 28,
    env: { ...process.env, CHROME_PATH: process.env["MODELHUB_CHROMIUM"] ?? "/usr/bin/chromium" },
  });
  return JSON.parse(stdout) as Report;
}
