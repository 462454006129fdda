import { defineConfig } from "@playwright/test";

export default defineConfig({
  projects: [
    { name: "site", testDir: "e2e" },
    { name: "page", testDir: "../engine-image/front/page/e2e" },
    { name: "viewers", testDir: "../engine-image/viewers/e2e" },
  ],
  testMatch: "*.spec.ts",
  globalSetup: "./e2e/setup.ts",
  fullyParallel: true,
  // A machine that does much else beside takes its time over a whole page.
  timeout: 90_000,
  forbidOnly: process.env["CI"] !== undefined,
  reporter: "list",
  use: {
    permissions: ["clipboard-read", "clipboard-write"],
    launchOptions: {
      executablePath: process.env["MODELHUB_CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
      ],
    },
  },
});
