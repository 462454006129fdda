import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readCredentials } from "./credentials.ts";

const secret = Buffer.from("someone:secret").toString("base64");
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelhub-credentials-"));
  vi.stubEnv("DOCKER_CONFIG", folder);
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("a login that docker wrote down is for its own host", () => {
  config({ auths: { "ghcr.io": { auth: secret } } });
  expect(readCredentials("ghcr.io")).toBe(secret);
  expect(readCredentials("example.org")).toBeUndefined();
});

test.each([{ credHelpers: { "ghcr.io": "test" } }, { credsStore: "test" }])(
  "a login that docker left to a helper is asked for: %o",
  (content) => {
    helper('grep -q ghcr.io || exit 1; echo \'{"Username":"someone","Secret":"secret"}\'');
    config({ auths: { "ghcr.io": {} }, ...content });
    expect(readCredentials("ghcr.io")).toBe(secret);
    expect(readCredentials("example.org")).toBeUndefined();
  },
);

test("without a login there is none", () => {
  expect(readCredentials("ghcr.io")).toBeUndefined();
});

function config(content: object): void {
  writeFileSync(join(folder, "config.json"), JSON.stringify(content));
}

function helper(script: string): void {
  const file = join(folder, "docker-credential-test");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}
