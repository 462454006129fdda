import { join } from "node:path";
import { build } from "astro";
import { root } from "#ci/home.ts";

/** Builds the site in this process, and prints what that took as the last line. */
await build({ root: join(root, "site"), logLevel: "error" });
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, maxBytes: maxRSS * 1024 }),
);
