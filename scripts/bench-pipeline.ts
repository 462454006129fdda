import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RestackOutcome, restackAll } from "#ci/commands/restack.ts";
import { home } from "#ci/home.ts";
import { allowOnly, buildStage } from "#ci/images/buildx.ts";
import { tagOf } from "#ci/images/level.ts";
import { clientOf, platformDigests } from "#ci/images/oci.ts";
import { addedBy } from "#ci/images/restacked.ts";
import { baseLevel, engineLevel } from "#ci/images/stack.ts";
import { sha256 } from "#ci/oci/client.ts";
import { copyImage } from "#ci/oci/copy.ts";
import type { Place } from "#ci/oci/whole-image.ts";
import { inTurns } from "#ci/turns.ts";
import type { Lock } from "#schema/lock.ts";
import type { Platform } from "#schema/primitives.ts";
import { benchPlan } from "./bench-plan.ts";
import { Clock } from "./lib/clock.ts";
import { startRegistry } from "./lib/docker-registry.ts";
import { load } from "./lib/load.ts";
import { exampleLabels, writeLockedRegistry } from "./lib/locked-registry.ts";
import { memoryFolder } from "./lib/memory-folder.ts";

/**
 * What an engine release costs per model: `restack` against `docker buildx` doing the same with every
 * layer cached, both with 8 at once, on images of two platforms in one docker-registry. What that holds
 * lies in memory, or else both mostly wait for the disk; with --disk it does not. BuildKit keeps its own
 * folder on disk. And what `plan` costs where there is nothing to do, which needs no service.
 *   npm run bench:pipeline [-- --models 1000 --builds 96 --versions 10000 --disk]
 *   npm run bench:pipeline -- --plan-only
 */

const atOnce = 8;
const platforms: Platform[] = ["linux/amd64", "linux/arm64"];
const count = option("--models", 1000);
const builds = option("--builds", 96);
const rounds = 4;
// Each file takes a page: those of a model's two images, with room to spare.
const bytesOfModel = 1_000_000;
const run = `bench/${Date.now()}`;
await benchPlan(option("--versions", 10_000));
if (process.argv.includes("--plan-only")) process.exit();

const folder = mkdtempSync(join(tmpdir(), "modelhub-bench-"));
const storage = process.argv.includes("--disk") ? folder : memoryFolder(count * bytesOfModel);
const { host, server: registry } = await startRegistry(storage);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    registry.kill();
    process.exit(1);
  });
const images = `${host}/${run}`;
const at = { registry: join(folder, "registry"), work: join(folder, "work"), staging: images };
const runtime = { name: `${images}/runtime`, tag: "", digest: sha256("runtime"), seconds: 0 };
const client = clientOf(host);

try {
  const before = await engine("one");
  const after = await engine("two");
  await writeRegistry(before, await publishModels(before));
  const { digest: wanted } = await buildModel(0, after);

  const services = [Number(registry.pid)];
  const restacking = new Clock(client, services);
  const building = new Clock(client, [...services, ...builder()]);
  const outcomes: RestackOutcome[] = [];
  // They take turns, so that what else the machine does meets both.
  for (let round = 0; round < rounds; round++) {
    await tagForRelease(before, after);
    const ids = turn(count, round).map((number) => `model-${number}`);
    outcomes.push(...(await restacking.run(ids, () => restackAll(ids, at, { say: () => {} }))));
    const numbers = turn(builds, round);
    await building.run(numbers, () =>
      inTurns(numbers, atOnce, (number) => buildModel(number, after)),
    );
  }

  const same = outcomes.filter(({ image }) => image === `${images}/models/model-0@${wanted}`);
  const failed = outcomes.filter(({ image }) => !image).length;
  console.log(`registry       keeps what it is given in ${storage}`);
  console.log(
    `restack        ${restacking}; ${failed} failed; digest as a build's: ${same.length === 1}`,
  );
  console.log(
    `               ${(restacking.requests / count).toFixed(1)} requests and ${(restacking.bytes / count / 1000).toFixed(1)} kB sent for each; ${restacking.cpu}`,
  );
  console.log(`buildx, cached ${building}; ${building.cpu}`);
  console.log(
    `ratio          ${(restacking.each / building.each).toFixed(3)} of buildx's time for each model (goal 0.125; by round ${restacking.against(building)}; load ${load()})`,
  );
  const cpuRatio = restacking.allCpu / count / (building.allCpu / builds);
  console.log(
    `               ${cpuRatio.toFixed(3)} of its processor time, which other work disturbs less`,
  );
  console.log(
    `10,000 models  ${((10_000 * restacking.each) / 60).toFixed(1)} minutes by this rate (goal 10)`,
  );
} finally {
  registry.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** The buildkitd of scripts/services, where that is what builds. */
function builder(): number[] {
  const file = join(home, "run", "buildkitd.pid");
  return existsSync(file) ? [Number(readFileSync(file, "utf8"))] : [];
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
  return build(`models/model-${number}`, `${lines.join("\n")}\n`, context, "1", on);
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
  const labels = on ? exampleLabels(repository) : {};
  const digest = await buildStage(
    {
      dockerfile: file,
      context,
      platforms,
      name: `${host}/${repository}:${tag}`,
      network: "none",
      labels,
    },
    allowOnly(...(on ? [`${host}/${on.repository}`] : [])),
  );
  return { repository, digest };
}

/**
 * Those models by buildx that it is to build once more, so that it has all their layers in its cache;
 * the others have the layers of the first, and a config of their own.
 */
async function publishModels(on: Place): Promise<Place[]> {
  const first = await buildModel(0, on);
  return inTurns([...Array(count).keys()], atOnce, (number) =>
    number < builds ? buildModel(number, on) : copyOf(first, `${run}/models/model-${number}`),
  );
}

/** A registry whose locks name the published images and the engine that they stand on. */
async function writeRegistry(engine: Place, published: readonly Place[]) {
  const locked = new Map<string, Lock["image"]>();
  for (const { repository, digest } of published) {
    const name = `${host}/${repository}`;
    const parts = await platformDigests(`${name}@${digest}`, platforms);
    const image = { name, digest, platforms: Object.fromEntries(parts) };
    locked.set(name, { ...image, ...(await addedBy(images, image, engine)) });
  }
  await writeLockedRegistry(at.registry, count, images, (lock) => ({
    ...lock,
    key: "0".repeat(64),
    image: locked.get(lock.image.name) ?? lock.image,
    // Of the base it only matters that it is the same.
    stack: { base: engine.digest, runtime: runtime.digest, engine: engine.digest },
  }));
}

/** What a release finds: the base of before, and the new engine on the models' runtime. */
async function tagForRelease(before: Place, after: Place): Promise<void> {
  const base = tagOf((await baseLevel(platforms)).key);
  const repository = `${run}/base`;
  await copyImage({ ...before, client }, before.digest, { client, repository }, base);
  const next = tagOf((await engineLevel(platforms, runtime)).key);
  await copyImage({ ...after, client }, after.digest, { ...after, client }, next);
}

/** The models of one round. */
function turn(total: number, round: number): number[] {
  return [...Array(total).keys()].filter((number) => number % rounds === round);
}

async function copyOf(first: Place, repository: string): Promise<Place> {
  const index = await json(first.repository, first.digest);
  const manifests = [];
  for (const part of index.manifests) {
    const manifest = await json(first.repository, part.digest);
    const config = JSON.parse(await client.blob(first.repository, manifest.config.digest));
    config.config.Labels["ai.modelhub.id"] = repository;
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
