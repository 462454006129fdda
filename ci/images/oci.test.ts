import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { badDays } from "../e2e/bad-days.ts";
import { pushModel } from "../e2e/example-images.ts";
import { RegistryDouble } from "../e2e/registry-double.ts";
import {
  attachArtifact,
  clientOf,
  copy,
  fetchFirstFile,
  fetchManifest,
  listReferrers,
  pullArtifact,
  pushArtifact,
  resolveDigest,
} from "./oci.ts";

const files = [
  { path: "record.json", mediaType: "application/vnd.modelhub.record.v1+json" },
  { path: "samples/a & b.txt", mediaType: "text/plain" },
];
const config = { path: "config.json", mediaType: "application/vnd.cncf.model.config.v1+json" };
const hasOras = process.env["MODELHUB_CONTAINERS"] === "yes";

let double: RegistryDouble;
/** Digest of the image in staging. */
let built: string;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "modelhub-oci-"));
  mkdirSync(join(folder, "samples"));
  writeFileSync(join(folder, "record.json"), "{}\n");
  writeFileSync(join(folder, "samples", "a & b.txt"), "a & b");
  writeFileSync(join(folder, "config.json"), '{"name":"example"}');
  await open();
});
afterEach(async () => {
  await double.close();
  rmSync(folder, { recursive: true });
});

describe.each([true, false])("where the registry lists referrers: %s", (hasReferrers) => {
  test.each(Object.entries(badDays))(
    "publishing ends with the same digests, with %s",
    async (_, happens) => {
      await reopen(hasReferrers);
      const [wanted, holds] = [await publish(), double.holds()];
      await reopen(hasReferrers);
      happens(double);
      const published = await publish();
      double.mend();
      expect(published).toEqual(wanted);
      expect(double.holds()).toEqual(holds);
      const image = `${double.host}/published/example@${published.digest}`;
      expect(await listReferrers(image, "application/vnd.example")).toEqual([published.record]);
      const tags = Object.keys(double.holds()["published/example"]?.tags ?? {});
      expect(tags.some((tag) => tag.startsWith("sha256-"))).toBe(!hasReferrers);
    },
  );

  test("interrupted at any request and run again, it ends with the same digests", async () => {
    await reopen(hasReferrers);
    const wanted = await publish();
    const [count, holds] = [double.asked.length, double.holds()];
    for (let request = 0; request < count; request += 3) {
      await reopen(hasReferrers);
      const dies = { after: request, times: Number.POSITIVE_INFINITY };
      double.break({ kind: "answer", status: 418 }, dies);
      await expect(publish()).rejects.toThrow("answered 418");
      double.mend();
      expect(await publish()).toEqual(wanted);
      expect(double.holds()).toEqual(holds);
    }
  });
});

test("published again, no blob is sent, and the list of referrers stays as it is", async () => {
  await publish();
  const [before, holds] = [double.uploads.length, double.holds()];
  await publish();
  expect(double.uploads.length).toBe(before);
  expect(double.holds()).toEqual(holds);
});

test("an image is copied to another registry, and its bytes are checked on the way", async () => {
  const other = await RegistryDouble.open();
  const to = `${other.host}/mirror:1`;
  double.break({ kind: "wrongBytes" }, { method: "GET", path: /blobs/ });
  const from = `${double.host}/models/example@${built}`;
  await expect(copy(from, to)).rejects.toThrow("holds other bytes");
  expect(await resolveDigest(to)).toBeUndefined();
  await copy(from, to);
  expect(await resolveDigest(to)).toBe(built);
  await other.close();
});

test("two that attach at the same time lose neither, by a tag or by the registry's list", async () => {
  const image = `${double.host}/models/example@${built}`;
  const types = ["application/a", "application/b"];
  await Promise.all(types.map((type) => attachArtifact(image, type, folder, files)));
  for (const type of types) expect(await listReferrers(image, type)).toHaveLength(1);
});

test("an artifact is pulled whole, below its folder only", async () => {
  const reference = `${double.host}/models/example:source`;
  await pushArtifact(reference, "application/vnd.example", folder, files, config);
  const to = join(folder, "pulled");
  await pullArtifact(reference, to);
  expect(readFileSync(join(to, "samples", "a & b.txt"), "utf8")).toBe("a & b");
  expect(await fetchFirstFile(reference)).toBe("{}\n");
  await pushArtifact(reference, "application/vnd.example", join(folder, "samples"), [
    { path: "../record.json", mediaType: "text/plain" },
  ]);
  await expect(pullArtifact(reference, to)).rejects.toThrow("a file out of its folder");
});

describe.runIf(hasOras)("beside oras", () => {
  const fixed = ["--annotation", "org.opencontainers.image.created=1970-01-01T00:00:00Z"];
  const type = ["--artifact-type", "application/vnd.example"];
  const named = files.map(({ path, mediaType }) => `${path}:${mediaType}`);
  const oras = async (...args: string[]) => {
    const options = [...type, ...fixed, "--format", "json", "--plain-http"];
    const { stdout } = await execa("oras", [...args, ...options, ...named], { cwd: folder });
    return JSON.parse(stdout).digest;
  };

  test("an artifact has the digest that oras gives it", async () => {
    const [ours, theirs] = [`${double.host}/m:ours`, `${double.host}/m:theirs`];
    const digest = await oras("push", theirs, "--config", `config.json:${config.mediaType}`);
    expect(await pushArtifact(ours, "application/vnd.example", folder, files, config)).toBe(digest);
  });

  test.each([true, false])(
    "so has a referrer, and the registry holds the same, with a list of its own: %s",
    async (hasReferrers) => {
      await reopen(hasReferrers);
      const image = () => `${double.host}/models/example@${built}`;
      const digest = await oras("attach", image(), "--annotation", "a=<b>");
      const holds = double.holds();
      await reopen(hasReferrers);
      const attached = attachArtifact(image(), "application/vnd.example", folder, files, {
        a: "<b>",
      });
      expect(await attached).toBe(digest);
      expect(double.holds()).toEqual(holds);
    },
  );
});

async function open(hasReferrers = false): Promise<void> {
  double = await RegistryDouble.open();
  double.hasReferrers = hasReferrers;
  built = (await pushModel(clientOf(double.host, { firstWaitMs: 2, limitSeconds: 0 }), "1")).digest;
  double.asked.length = 0;
}

async function reopen(hasReferrers: boolean): Promise<void> {
  await double.close();
  await open(hasReferrers);
}

/** What `publish` asks of the registry. */
async function publish() {
  const image = `${double.host}/published/example`;
  await copy(`${double.host}/models/example@${built}`, `${image}:in-1`);
  await copy(`${image}@${built}`, `${image}:1.0.0`);
  const digest = await resolveDigest(`${image}:1.0.0`);
  const type = "application/vnd.example";
  const bundle = await pushArtifact(`${image}:1.0.0-source`, type, folder, files, config);
  const record = await attachArtifact(`${image}@${digest}`, type, folder, files);
  expect((await fetchManifest(`${image}@${digest}`)).manifests).toHaveLength(2);
  return { digest, bundle, record };
}
