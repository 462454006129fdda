import { expect, test } from "vitest";
import { ContributionError, RetryError } from "../errors.ts";
import { failedStep, missingPackage } from "./unbuildable.ts";

test.each([
  [
    "ERROR: No matching distribution found for tensorrt==10.1 (from -r x)",
    "pip finds no tensorrt==10.1 for it",
  ],
  [
    "ERROR: torch-2.4.0-cp313-cp313-linux_x86_64.whl is not a supported wheel on this platform.",
    "torch-2.4.0-cp313-cp313-linux_x86_64.whl is for another platform",
  ],
  [
    "  error: command 'gcc' failed\n  ERROR: Failed building wheel for decord",
    "decord has no wheel for it, and can't be built from source",
  ],
  ["E: Unable to locate package intel-mkl", "Debian has no package intel-mkl for it"],
  ["E: Package 'lib32z1' has no installation candidate", "Debian has no package lib32z1 for it"],
])("what a platform lacks is told by name: %s", (output, reason) => {
  expect(missingPackage(`#9 12.3 ${output}\n#9 12.4 exit code: 1`)).toBe(reason);
});

test("a name that fills a page is cut", () => {
  const reason = missingPackage(`E: Unable to locate package $&${"x".repeat(10_000)}`);
  expect(reason).toMatch(/^Debian has no package \$&x+ for it$/);
  expect(reason?.length).toBeLessThan(500);
});

test("an index that could not be reached lacks nothing", () => {
  const output =
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\n" +
    "ERROR: No matching distribution found for numpy==2.4.6";
  expect(missingPackage(output)).toBeUndefined();
});

test("a step that fails otherwise is no matter of the platform", () => {
  expect(missingPackage("RUN ./configure: exit code 1")).toBeUndefined();
  expect(missingPackage("THESE PACKAGES DO NOT MATCH THE HASHES")).toBeUndefined();
});

const failed = (said: string) =>
  `#7 0.912 ${said}\n#7 ERROR: process "/bin/sh -c pip install x" did not complete successfully: exit code: 1\n`;

test("a failed step of the author's Dockerfile is the author's, with what it printed", () => {
  const error = failedStep(failed("ERROR: THESE PACKAGES DO NOT MATCH"), "runtime/Dockerfile");
  expect(error).toBeInstanceOf(ContributionError);
  expect(error?.message).toBe(`runtime/Dockerfile
  expected each RUN step to succeed, got
      exit code 1 of \`pip install x\`
      ERROR: THESE PACKAGES DO NOT MATCH`);
});

test("a failed step without a network is to be tried again", () => {
  const error = failedStep(failed("Could not resolve host"), "runtime/Dockerfile");
  expect(error).toBeInstanceOf(RetryError);
});

test("a builder that failed by itself is no step", () => {
  expect(failedStep("ERROR: no builder found", "runtime/Dockerfile")).toBeUndefined();
});
