import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{registry,ci,client,engine-image,site/src,scripts}/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
