import { readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Stage } from "../e2e/stage.ts";
import { sha256 } from "../files.ts";
import { clientOf, resolveDigest } from "../images/oci.ts";
import { stackLevels } from "../images/stack.ts";
import { loadLayout, saveLayout } from "./layout.ts";

const withContainers = process.env["MODELHUB_CONTAINERS"] === "yes";
const types = "application/vnd.oci.image";

describe.skipIf(!withContainers)("a stack as an OCI layout", () => {
  const stage = new Stage();
  const folder = join(stage.folder, "layout");
  const layer = `sha256:${sha256("of every level")}`;
  let host = "";

  beforeAll(async () => {
    await stage.open();
    host = stage.env["MODELHUB_STAGING"]?.split("/")[0] ?? "";
    for (const level of stackLevels) await pushImage(`build/${level}`, level);
    await saveLayout(imagesAt("build"), folder);
  });
  afterAll(() => stage.close());

  const manifests = new Map<string, string>();

  /** An index of one platform, with a layer of its own and one that all share. */
  async function pushImage(repository: string, level: string): Promise<void> {
    const client = clientOf(host);
    const blobs = ["{}", level, "of every level"];
    const [config, ...layers] = await Promise.all(
      blobs.map(async (text) => ({
        mediaType: `${types}.layer.v1.tar`,
        digest: await client.putBlob(repository, text),
        size: text.length,
      })),
    );
    const manifest = stored(`${types}.manifest.v1+json`, { config, layers });
    await client.putManifest(repository, manifest.digest, manifest);
    const { digest, mediaType, text } = manifest;
    const index = stored(`${types}.index.v1+json`, {
      manifests: [{ mediaType, digest, size: text.length }],
    });
    await client.putManifest(repository, "one", index);
    manifests.set(level, index.digest);
  }

  function stored(mediaType: string, content: object) {
    const text = JSON.stringify({ schemaVersion: 2, mediaType, ...content });
    return { digest: `sha256:${sha256(text)}`, mediaType, text };
  }

  function imagesAt(place: string) {
    const [base, runtime, engine, deployment] = stackLevels.map((level) => ({
      name: `${host}/${place}/${level}`,
      tag: "one",
      digest: manifests.get(level) ?? "",
    }));
    if (!base || !runtime || !engine || !deployment) throw new Error("a level is missing");
    return { base, runtime, engine, deployment };
  }

  test("goes to another place with the digests that it had", async () => {
    await loadLayout(imagesAt("elsewhere"), folder);
    for (const level of stackLevels) {
      expect(await resolveDigest(`${host}/elsewhere/${level}:one`)).toBe(manifests.get(level));
    }
  });

  test("holds what the levels share once", () => {
    // Two manifests and a layer for each level; one configuration and one layer for all.
    expect(readdirSync(join(folder, "blobs", "sha256"))).toHaveLength(4 * 3 + 2);
  });

  test("is one that other tools read, each level under its name", async () => {
    for (const level of stackLevels) {
      const { stdout } = await execa("oras", [
        ...["manifest", "fetch", "--descriptor"],
        ...["--oci-layout", `${folder}:${level}`],
      ]);
      const digest = manifests.get(level) ?? "";
      expect(JSON.parse(stdout)).toMatchObject({ digest, size: statSync(blob(digest)).size });
    }
  });

  test("refuses a manifest with other bytes than its name says", async () => {
    const file = blob(manifests.get("engine") ?? "");
    writeFileSync(file, JSON.stringify({ mediaType: `${types}.manifest.v1+json` }));
    await expect(loadLayout(imagesAt("forged"), folder)).rejects.toThrow("holds other bytes");
    expect(await resolveDigest(`${host}/forged/engine:one`)).toBeUndefined();
  });

  test("refuses a layer with other bytes than its name says", async () => {
    await saveLayout(imagesAt("build"), folder);
    writeFileSync(blob(layer), "something else");
    await expect(loadLayout(imagesAt("swapped"), folder)).rejects.toThrow();
    expect(await resolveDigest(`${host}/swapped/base:one`)).toBeUndefined();
  });

  test("refuses a link in place of a file", async () => {
    rmSync(blob(layer));
    symlinkSync("/etc/hostname", blob(layer));
    await expect(loadLayout(imagesAt("linked"), folder)).rejects.toThrow("as a file of the layout");
  });

  function blob(digest: string): string {
    return join(folder, "blobs", "sha256", digest.slice("sha256:".length));
  }
});
