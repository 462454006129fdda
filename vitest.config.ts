import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: "client/own-temporary.ts",
    // By default one is left idle, which of two is half.
    maxWorkers: "100%",
    include: ["{registry,ci,client,engine-image,site/src,scripts}/**/*.test.ts"],
    // Limits end what hangs; a machine that does much else beside may take ten times as long.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
