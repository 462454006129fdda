import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { browserNeeds } from "#ci/catalog/browser.ts";
import { root } from "#ci/home.ts";
import { fetchWeights } from "#ci/weights.ts";
import type { Config } from "#schema/config.ts";
import { writeWav } from "#viewers/wav.ts";

/** Models without code that tests run in a browser. */

const own = join(root, "site/e2e/models");
const tiny = join(root, "engine-image/python/tests/models");
const examples = join(root, "contrib-template/examples");
const pictures = join(root, "site/e2e/samples");

/** Those of made-up weights, one for each way to end; they take photographs too. */
export const tinyIds = ["no-code-labels", "no-code-boxes", "no-code-mask"] as const;

/** Those of real weights: the examples without code, and packages' models that only tests use. */
export const realIds: readonly string[] = [
  ...foldersIn(examples).filter(isForBrowsers),
  ...foldersIn(own).filter((id) => readConfig(join(own, id)).weights.some(({ source }) => source)),
];

export const tryIds: readonly string[] = [...new Set([...tinyIds, ...realIds, ...foldersIn(own)])];

/** Copies each model into a folder of its own below `to`, with its weights and samples. */
export async function copyTryModels(to: string): Promise<void> {
  for (const id of tinyIds) copyTiny(id, join(to, id));
  for (const id of new Set([...realIds, ...foldersIn(own)])) await copyReal(id, join(to, id));
}

export function readConfig(folder: string): Config {
  return JSON.parse(readFileSync(join(folder, "modelhub.json"), "utf8"));
}

/** Whether the author says what the samples must give. */
export function hasExpected(folder: string): boolean {
  return readConfig(folder).samples.every(({ expected }) => existsSync(join(folder, expected)));
}

function foldersIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, "modelhub.json")));
}

function isForBrowsers(id: string): boolean {
  const config = readConfig(join(examples, id));
  const files = readdirSync(join(examples, id)).map((path) => ({ path }));
  const weights = config.weights.map(({ bytes }) => ({ bytes }));
  return (
    browserNeeds({ config, weights, files } as Parameters<typeof browserNeeds>[0]) !== undefined
  );
}

function copyTiny(id: string, folder: string): void {
  cpSync(join(tiny, id), folder, { recursive: true });
  const config = readConfig(folder);
  for (const input of config.inputs) input.mediaTypes = ["image/png", "image/jpeg"];
  copyFileSync(join(pictures, "blocks.png"), join(folder, "blocks.png"));
  const inputs = { image: "blocks.png" };
  config.samples = [{ id: "blocks", title: "Blocks of colour", inputs, expected: "none.json" }];
  write(folder, config);
}

async function copyReal(id: string, folder: string): Promise<void> {
  const from = existsSync(join(examples, id)) ? join(examples, id) : join(own, id);
  cpSync(from, folder, { recursive: true });
  const config = readConfig(folder);
  for (const weights of config.weights) {
    const { path } = await fetchWeights(weights, { folder });
    const name = weights.path ?? `${weights.id}.onnx`;
    if (weights.source) copyFileSync(path, join(folder, name));
    weights.path = name;
    delete weights.source;
  }
  for (const { inputs } of config.samples)
    for (const path of Object.values(inputs)) await makeSample(join(folder, path));
  write(folder, config);
}

/** A sample that the model's folder doesn't bring itself. */
async function makeSample(file: string): Promise<void> {
  if (existsSync(file)) return;
  const name = basename(file);
  if (name === "shop.png") return copyFileSync(join(examples, "text-regions/samples", name), file);
  if (!name.endsWith(".wav")) return copyFileSync(join(pictures, name), file);
  // At rates that have to be changed; one is longer than the model takes, one is shorter.
  const sound =
    name === "chord.wav" ? chord([262, 330, 392], 44_100, 2.5) : chord([440], 16_000, 1);
  writeFileSync(file, new Uint8Array(await sound.arrayBuffer()));
}

function chord(tones: readonly number[], rate: number, seconds: number): Blob {
  const samples = Float32Array.from({ length: rate * seconds }, (_, at) =>
    tones.reduce((sum, hertz) => sum + Math.sin((2 * Math.PI * hertz * at) / rate) / 5, 0),
  );
  return writeWav(samples, rate);
}

function write(folder: string, config: Config): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "modelhub.json"), JSON.stringify(config));
}
