import { expect, test } from "vitest";
import { contentPolicy } from "./content-policy.ts";
import { running } from "./try-policy.ts";

test("a page loads nothing from elsewhere, and runs no script that stands in it", () => {
  expect(contentPolicy()).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; object-src 'none'",
  );
});

test("what a page may load beyond that is added to the same directives", () => {
  const directives = contentPolicy(running).split("; ");
  expect(directives).toContain("script-src 'self' 'wasm-unsafe-eval'");
  expect(directives).toContain("img-src 'self' data: blob:");
  expect(directives).toContain("worker-src 'self'");
  expect(directives.filter((one) => one.startsWith("script-src"))).toHaveLength(1);
});
