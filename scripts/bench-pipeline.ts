import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { allowOnly, buildStage } from "#ci/images/buildx.ts";
import { OciClient, sha256 } from "#ci/oci/client.ts";
import { EngineImage, type Place, restack } from "#ci/oci/restack.ts";
import type { Platform } from "#schema/primitives.ts";
import { benchPlan } from "./bench-plan.ts";

/**
 * What an engine release costs per model: restack against `docker buildx` doing the same with every
 * layer cached, both with 8 at once, on images of two platforms in the registry of scripts/services.
 * And what `plan` costs where there is nothing to do, which needs no service.
 *   npm run bench:pipeline [-- --models 1000 --builds 40 --versions 10000]
 *   npm run bench:pipeline -- --plan-only
 */

const host = "localhost:5151";
const atOnce = 8;
const platforms: Platform[] = ["linux/amd64", "linux/arm64"];
const count = option("--models", 1000);
const builds = option("--builds", 40);
const run = `bench/${Date.now()}`;
await benchPlan(option("--versions", 10_000));
if (process.argv.includes("--plan-only")) process.exit();

const folder = mkdtempSync(join(tmpdir(), "modelhub-bench-"));
const client = new OciClient(host);

try {
  const before = await engine("one");
  const after = await engine("two");
  const published = await publishModels(before);

  const sent = { ...client.sent };
  const [from, to] = [
    await EngineImage.read(client, before),
    await EngineImage.read(client, after),
  ];
  const restacked = await timed(published, (place) => restack(client, place, from, to, ["next"]));
  const requests = (client.sent.requests - sent.requests) / count;
  const bytes = (client.sent.bytes - sent.bytes) / count;

  // Once before the clock runs, so that every layer is cached.
  await buildModel(0, before);
  const rebuilt = await timed([...Array(builds).keys()], (number) => buildModel(number, after));

  const first = (await client.manifest(`${run}/models/0`, "next"))?.digest;
  const same = first === (await buildModel(0, after)).digest;
  console.log(
    `restack        ${count} models in ${restacked.toFixed(1)} s: ${(count / restacked).toFixed(1)} models/s`,
  );
  console.log(
    `               ${requests.toFixed(1)} requests and ${(bytes / 1000).toFixed(1)} kB sent for each; digest as a build's: ${same}`,
  );
  console.log(
    `buildx, cached ${builds} models in ${rebuilt.toFixed(1)} s: ${(builds / rebuilt).toFixed(1)} models/s`,
  );
  const ratio = restacked / count / (rebuilt / builds);
  console.log(`ratio          ${ratio.toFixed(3)} of buildx's time for each model (goal 0.125)`);
  console.log(
    `10,000 models  ${((10_000 * restacked) / count / 60).toFixed(1)} minutes by this rate (goal 10)`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Seconds that the work takes over all items, `atOnce` at a time. */
async function timed<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<number> {
  const waiting = items.values();
  const started = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (const item of waiting) await work(item);
    }),
  );
  return (performance.now() - started) / 1000;
}

/** An engine image. Its size is of no matter: neither way moves its bytes again. */
async function engine(name: string): Promise<Place> {
  const context = join(folder, name);
  mkdirSync(context);
  writeFileSync(join(context, "front"), crypto.getRandomValues(new Uint8Array(65_536)));
  const lines = ["FROM scratch", "COPY --link front /opt/engine/front", `ENV ENGINE="${name}"`];
  return build("engine", `${lines.join("\n")}\n`, context, name);
}

function buildModel(number: number, on: Place): Promise<Place> {
  const context = join(folder, `model-${number}`);
  mkdirSync(context, { recursive: true });
  writeFileSync(join(context, "model.py"), `model = ${number}\n`);
  const lines = [`FROM ${host}/${on.repository}@${on.digest}`, "COPY --link model.py /opt/model/"];
  return build(`models/${number}`, `${lines.join("\n")}\n`, context, "1", on);
}

async function build(
  name: string,
  dockerfile: string,
  context: string,
  tag: string,
  on?: Place,
): Promise<Place> {
  const file = `${context}.Dockerfile`;
  writeFileSync(file, dockerfile);
  const repository = `${run}/${name}`;
  const digest = await buildStage(
    { dockerfile: file, context, platforms, name: `${host}/${repository}:${tag}`, network: "none" },
    allowOnly(...(on ? [`${host}/${on.repository}`] : [])),
  );
  return { repository, digest };
}

/** One model by buildx; the others have its layers, and a config of their own. */
async function publishModels(on: Place): Promise<Place[]> {
  const first = await buildModel(0, on);
  const others = await Promise.all(
    Array.from({ length: count - 1 }, async (_, index) =>
      copyOf(first, `${run}/models/${index + 1}`),
    ),
  );
  return [first, ...others];
}

async function copyOf(first: Place, repository: string): Promise<Place> {
  const index = await json(first.repository, first.digest);
  const manifests = [];
  for (const part of index.manifests) {
    const manifest = await json(first.repository, part.digest);
    const config = JSON.parse(await client.blob(first.repository, manifest.config.digest));
    config.config.Labels = { "ai.modelhub.id": repository };
    const text = JSON.stringify(config);
    const digest = await client.putBlob(repository, text);
    for (const layer of manifest.layers)
      await client.mount(repository, layer.digest, first.repository);
    manifests.push({
      ...part,
      ...(await put(repository, {
        ...manifest,
        config: { ...manifest.config, digest, size: Buffer.byteLength(text) },
      })),
    });
  }
  const { digest } = await put(repository, { ...index, manifests });
  return { repository, digest };
}

async function json(repository: string, digest: string) {
  return JSON.parse((await client.manifest(repository, digest))?.text ?? "");
}

async function put(repository: string, value: { mediaType: string }) {
  const text = JSON.stringify(value, null, 2);

  const digest = sha256(text);
  await client.putManifest(repository, digest, { digest, mediaType: value.mediaType, text });
  return { digest, size: Buffer.byteLength(text) };
}

function option(name: string, otherwise: number): number {
  const place = process.argv.indexOf(name);
  return place < 0 ? otherwise : Number(process.argv[place + 1]);
}
