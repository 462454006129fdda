import { expect, test } from "vitest";
import { packagesOf } from "./packages.ts";

test("a package of no release that the database knows is counted, and not asked for", () => {
  const purls = ["pkg:npm/hono@4.12.0", "pkg:deb/debian/nginx@1.2.1?arch=amd64", "pkg:gem/rails@8"];
  const { packages, unasked } = packagesOf({
    packages: purls.map((referenceLocator) => ({
      externalRefs: [{ referenceType: "purl", referenceLocator }],
    })),
  });
  expect(packages.map(({ name }) => name)).toEqual(["hono"]);
  expect(unasked).toBe(2);
});
