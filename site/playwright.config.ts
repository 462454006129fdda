import { defineConfig } from "@playwright/test";

export default defineConfig({
  projects: [
    { name: "site", testDir: "e2e" },
    { name: "page", testDir: "../engine-image/front/page/e2e" },
    { name: "viewers", testDir: "../engine-image/viewers/e2e" },
  ],
  testMatch: "*.spec.ts",
  globalSetup: ["../client/own-temporary.ts", "./e2e/setup.ts"],
  fullyParallel: true,
  workers: "100%",
  // Limits end what hangs; a machine that does much else beside may take ten times as long.
  timeout: 360_000,
  expect: { timeout: 120_000 },
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
