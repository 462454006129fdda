import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Platform } from "#schema/primitives.ts";
import { allowOnly, buildStage } from "../images/buildx.ts";
import { platformDigests } from "../images/oci.ts";
import { pack } from "./added.ts";
import { OciClient } from "./client.ts";
import { EngineImage, restack } from "./restack.ts";
import { type Place, type Published, readOnEngine, readWhole } from "./whole-image.ts";

const host = "localhost:5151";
const platforms: Platform[] = ["linux/amd64", "linux/arm64"];
const canBuild = process.env["MODELHUB_CONTAINERS"] === "yes";

describe.runIf(canBuild)("restack, against buildx and a registry", () => {
  const client = new OciClient(host);
  const folder = mkdtempSync(join(tmpdir(), "modelhub-restack-"));
  const run = `restack-${process.pid}-${Date.now()}`;
  let engineA: Place;
  let engineB: Place;

  beforeAll(async () => {
    engineA = await build("engine", engineFile("1"), { files: { front: "one" } });
    engineB = await build("engine", engineFile("2 & more"), { files: { front: "two" } });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("an image of two platforms gets the digest that a build on the new engine has", async () => {
    const published = await model(engineA);
    const wanted = await model(engineB);
    expect(published.digest).not.toBe(wanted.digest);
    const digest = await restackOn(published, engineA, engineB);
    expect(digest).toBe(wanted.digest);
    expect((await client.manifest(published.repository, "restacked"))?.digest).toBe(digest);
  });

  test("one platform of it is read, from which the other follows, and none where its lock has the rest", async () => {
    const image = await published(await model(engineA));
    const engine = await EngineImage.read(client, engineA);
    const before = client.sent.requests;
    const { whole, added } = await readOnEngine(client, image, engine.whole);
    expect(client.sent.requests - before).toBe(2);
    expect(whole).toEqual(await readWhole(client, image));
    const locked = { ...image, added: added && pack(added) };
    const after = client.sent.requests;
    expect(await readOnEngine(client, locked, engine.whole)).toEqual({ whole, added });
    expect(client.sent.requests).toBe(after);
  });

  test("and back again, the digest that it had", async () => {
    const published = await model(engineA);
    const there = await restackOn(published, engineA, engineB);
    expect(await restackOn({ ...published, digest: there }, engineB, engineA)).toBe(
      published.digest,
    );
  });

  test("an image on another engine than its lock says is refused, and nothing is written", async () => {
    const published = await model(engineB);
    const before = client.sent.requests;
    await expect(restackOn(published, engineA, engineB, "refused")).rejects.toThrow(
      "the image doesn't stand on the engine that its lock names",
    );
    expect(client.sent.requests).toBeGreaterThan(before);
    expect(await client.manifest(published.repository, "refused")).toBeUndefined();
  });

  async function restackOn(image: Place, from: Place, to: Place, tag = "restacked") {
    const [old, fresh] = [await EngineImage.read(client, from), await EngineImage.read(client, to)];
    return restack(client, await published(image), old, fresh, [tag]);
  }

  async function published(image: Place): Promise<Published> {
    const found = await platformDigests(`${host}/${image.repository}@${image.digest}`, platforms);
    return { ...image, platforms: Object.fromEntries(found) };
  }

  const model = (engine: Place) =>
    build("model", modelFile(engine), { files: { "model.py": "pass" }, on: engine });

  async function build(
    name: string,
    dockerfile: string,
    { files, on }: { files: Record<string, string>; on?: Place },
  ): Promise<Place> {
    const context = mkdtempSync(join(folder, "context-"));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(context, path), text);
    const file = join(folder, `${name}.Dockerfile`);
    writeFileSync(file, dockerfile);
    const repository = `${run}/${name}`;
    const digest = await buildStage(
      {
        dockerfile: file,
        context,
        platforms,
        name: `${host}/${repository}:1`,
        network: "none",
        labels: name === "model" ? { "ai.modelhub.config": '{"title":"a < b & c > d"}' } : {},
      },
      allowOnly(...(on ? [`${host}/${on.repository}`] : [])),
    );
    return { repository, digest };
  }
});

function engineFile(version: string): string {
  return [
    "FROM scratch",
    "COPY --link front /opt/engine/front",
    `ENV ENGINE_VERSION="${version}"`,
    `LABEL ai.modelhub.engine="${version}"`,
    'ENTRYPOINT ["/opt/engine/front"]',
    "",
  ].join("\n");
}

function modelFile({ repository, digest }: Place): string {
  return `FROM ${host}/${repository}@${digest}\nCOPY --link model.py /opt/model/\n`;
}
