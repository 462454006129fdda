import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answer, badDays } from "../e2e/bad-days.ts";
import { RegistryDouble } from "../e2e/registry-double.ts";
import { exitCodeOf } from "../errors.ts";
import { OciClient, sha256 } from "./client.ts";

let double: RegistryDouble;
let client: OciClient;
let folder: string;

beforeEach(async () => {
  double = await RegistryDouble.open();
  client = new OciClient(double.host, { firstWaitMs: 2, limitSeconds: 0 });
  folder = mkdtempSync(join(tmpdir(), "modelhub-client-"));
});
afterEach(async () => {
  await double.close();
  rmSync(folder, { recursive: true });
});

describe("an artifact is written and read whole", () => {
  test.each(Object.entries(badDays))("with %s", async (_, happens) => {
    happens(double);
    const manifest = await writeArtifact();
    expect(await client.manifest("a/b", "1")).toMatchObject(manifest);
    expect(await client.blob("a/b", sha256("small"))).toBe("small");
    expect(await client.blobSize("a/b", sha256("small"))).toBe(5);
    expect(await client.hashBlob("a/b", sha256("small"))).toBe(sha256("small"));
    expect(await client.resolve("a/b", "1")).toBe(manifest.digest);
    await client.mount("c", sha256("large"), "a/b");
    await client.saveBlob("c", sha256("large"), join(folder, "back"));
    expect(readFileSync(join(folder, "back"), "utf8")).toBe("large");
  });
});

test("what is there is not sent again", async () => {
  await writeArtifact();
  const before = double.uploads.length;
  client = new OciClient(double.host);
  await writeArtifact();
  expect(double.uploads.length).toBe(before);
});

test("a blob that two ask for at the same time is sent once", async () => {
  await Promise.all([client.putBlob("a", "text"), client.putBlob("a", "text")]);
  expect(double.asked.map(({ method }) => method)).toEqual(["POST", "PUT"]);
});

test("a blob that could not be sent is sent when it is asked for again", async () => {
  double.break(answer(403, "no"), { times: 1 });
  await expect(client.putBlob("a", "text")).rejects.toThrow("answered 403");
  await client.putBlob("a", "text");
  expect(await client.blobSize("a", sha256("text"))).toBe(4);
});

test("an upload whose reply was lost is not sent again", async () => {
  double.break({ kind: "drop", when: "after" }, { method: "PUT", path: /uploads/ });
  await client.putBlob("a", "text");
  expect(double.uploads.length).toBe(1);
});

test("nothing is asked before the time that Retry-After names, by no request of the host", async () => {
  double.break(answer(429, "", { "retry-after": "2" }));
  const first = client.resolve("a", "1");
  await delay(1000);
  await Promise.all([first, client.resolve("b", "1")]);
  const [refused, ...later] = double.asked.map(({ time }) => time);
  expect(later).toHaveLength(2);
  for (const time of later) expect(time - (refused ?? 0)).toBeGreaterThanOrEqual(1990);
});

test("a Retry-After that is a date is waited for", async () => {
  const date = new Date(Date.now() + 2000).toUTCString();
  double.break(answer(503, "", { "retry-after": date }));
  await client.resolve("a", "1");
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(date));
});

test("a registry that wants an hour is left alone, with exit code 75", async () => {
  double.break(answer(429, "", { "retry-after": "3600" }));
  const error = await client.resolve("a", "1").catch((thrown) => thrown);
  expect(error.message).toMatch(
    /^127\.0\.0\.1:\d+ could not be used for a: it answered 429, to be asked again after 3600 s$/,
  );
  expect(exitCodeOf(error)).toBe(75);
  expect(double.asked).toHaveLength(1);
});

test.each([
  ["429", answer(429)],
  ["a secondary rate limit", answer(403, "secondary rate limit")],
  ["500", answer(500)],
  ["broken connections", { kind: "drop", when: "before" }],
] as const)("a registry that gives nothing but %s ends it with exit code 75", async (_, fault) => {
  double.break(fault, { times: Number.POSITIVE_INFINITY });
  const error = await client.putBlob("a", "text").catch((thrown) => thrown);
  expect(exitCodeOf(error)).toBe(75);
  expect(double.asked).toHaveLength(8);
});

test("a lack of rights is said at once, with exit code 2 and what to do", async () => {
  double.break(answer(403, "denied"));
  const error = await client.putBlob("a", "text").catch((thrown) => thrown);
  expect(error.message).toMatch(/answered 403 for a@sha256:[0-9a-f]{64}\n {2}denied\n {2}hint: /);
  expect(exitCodeOf(error)).toBe(2);
  expect(double.asked).toHaveLength(1);
});

test("a token that ran out is asked for anew", async () => {
  double.wantsToken = true;
  await client.putBlob("a", "one");
  double.expireTokens();
  await client.putBlob("a", "two");
  expect(double.holds()["a"]?.blobs).toHaveLength(2);
});

test("an upload that is sent to another host is refused, and the other host hears nothing", async () => {
  const other = await RegistryDouble.open();
  double.wantsToken = true;
  double.uploadOrigin = `http://${other.host}`;
  const upload = client.putBlob("a", "text");
  await expect(upload).rejects.toThrow(`sends uploads to another host, ${other.host}`);
  expect(other.asked).toEqual([]);
  await other.close();
});

test("a blob that is read from another host is read there without the token", async () => {
  const other = await RegistryDouble.open();
  await new OciClient(other.host).putBlob("a", "text");
  double.wantsToken = true;
  await client.putBlob("a", "text");
  double.blobOrigin = `http://${other.host}`;
  const before = other.asked.length;
  expect(await client.blob("a", sha256("text"))).toBe("text");
  const asked = other.asked.slice(before);
  expect(asked.map(({ authorization }) => authorization)).toEqual([undefined]);
  await other.close();
});

describe("wrong bytes are refused", () => {
  test.each(["manifest", "blob", "file"])("of a %s", async (what) => {
    const { digest } = await writeArtifact();
    double.break({ kind: "wrongBytes" }, { method: "GET" });
    const read = {
      manifest: () => client.manifest("a/b", digest),
      blob: () => client.blob("a/b", sha256("small")),
      file: () => client.saveBlob("a/b", sha256("large"), join(folder, "back")),
    }[what];
    await expect(read?.()).rejects.toThrow("holds other bytes: sha256:");
  });
});

test("a tag that stays as it is refuses another image, and says so", async () => {
  await writeArtifact();
  double.tagsAreFixed = true;
  const text = '{"schemaVersion":2}';
  const other = { digest: sha256(text), mediaType: "application/json", text };
  await expect(client.putManifest("a/b", "1", other)).rejects.toThrow(
    /answered 409 for a\/b:1\n.*TAG_IMMUTABLE/,
  );
});

async function writeArtifact() {
  writeFileSync(join(folder, "large"), "large");
  await client.putBlob("a/b", "small");
  await client.putFile("a/b", sha256("large"), join(folder, "large"));
  const layers = [{ digest: sha256("small") }, { digest: sha256("large") }];
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const text = JSON.stringify({ schemaVersion: 2, mediaType, layers });
  const manifest = { digest: sha256(text), mediaType, text };
  await client.putManifest("a/b", "1", manifest);
  return manifest;
}
