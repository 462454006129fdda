import { expect, test } from "vitest";
import { isOffline } from "./offline.ts";

test.each([
  ["git", "fatal: unable to access 'https://x.org/': Could not resolve host: x.org"],
  ["git", "fatal: unable to access 'https://x.org/': Failed to connect to x.org port 443"],
  ["pip", "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'"],
  ["npm", "npm error code EAI_AGAIN"],
  ["apt", "Temporary failure resolving 'deb.example.org'"],
])("a network that failed is seen in what %s prints: %s", (_, output) => {
  expect(isOffline(output)).toBe(true);
});

test.each([
  ["git", "fatal: remote error: upload-pack: not our ref 0123"],
  ["pip", "ERROR: No matching distribution found for six==999.0"],
  ["npm", "npm error code ETARGET"],
])("what a host that answers hasn't got is no failed network: %s: %s", (_, output) => {
  expect(isOffline(output)).toBe(false);
});
