import { isDeepStrictEqual } from "node:util";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { z } from "zod";
import { asBelow, described, goJson, type Image, mergeConfig } from "./swap.ts";

/** What a model's image adds to its engine's, in the words of OCI's image. It is no matter which engine that is. */
const Added = z.object({
  layers: z.array(
    z.object({
      mediaType: z.string(),
      digest: z.string(),
      size: z.number(),
      annotations: z.record(z.string(), z.string()).exactOptional(),
    }),
  ),
  diffIds: z.array(z.string()),
  history: z.array(z.record(z.string(), z.unknown())),
  labels: z.record(z.string(), z.string()),
});
export type Added = z.infer<typeof Added>;

/** What the image adds to that engine, if it stands on it and adds nothing else; nothing where that is plain. */
export function addedTo(engine: Image, image: Image): Added | undefined {
  const { manifest, config } = image;
  const below = labelsOf(engine);
  const labels = Object.entries(labelsOf(image));
  return Added.safeParse({
    layers: manifest.layers.slice(engine.manifest.layers.length),
    diffIds: config.rootfs.diff_ids.slice(engine.config.rootfs.diff_ids.length),
    history: config.history.slice(engine.config.history.length),
    labels: Object.fromEntries(labels.filter(([key, value]) => below[key] !== value)),
  }).data;
}

/** The image that adds this to an engine. */
export function withAdded(engine: Image, added: Added): Image {
  const { config: below, history, rootfs } = engine.config;
  const labels = { ...labelsOf(engine), ...added.labels };
  const own = { ...below, ...(Object.keys(labels).length > 0 && { Labels: labels }) };
  const config = {
    ...engine.config,
    config: mergeConfig(own, below, below),
    history: [...history, ...added.history],
    rootfs: { ...rootfs, diff_ids: [...rootfs.diff_ids, ...added.diffIds] },
  };
  const manifest = {
    ...engine.manifest,
    config: described(engine.manifest.config, goJson(config)),
    layers: [...engine.manifest.layers.map(asBelow), ...added.layers],
  };
  return { manifest, config };
}

/** Whether all of this is on top of an image. */
export function isOnTop({ layers, diffIds, history, labels }: Added, image: Image): boolean {
  const { manifest, config } = image;
  const own = Object.entries(labelsOf(image)).filter(([key]) => key in labels);
  return (
    endsIn(manifest.layers, layers) &&
    endsIn(config.rootfs.diff_ids, diffIds) &&
    endsIn(config.history, history) &&
    isDeepStrictEqual(Object.fromEntries(own), labels)
  );
}

function endsIn(all: readonly unknown[], last: readonly unknown[]): boolean {
  return isDeepStrictEqual(all.slice(all.length - last.length), last);
}

/** As locks hold it. */
export function pack(added: Added): string {
  return brotliCompressSync(JSON.stringify(added)).toString("base64");
}

// A lock is what a pull request may say.
const maxOutputLength = 1_048_576;

/** What a lock holds; nothing where that is no such thing. */
export function unpack(text: string): Added | undefined {
  try {
    const json = brotliDecompressSync(Buffer.from(text, "base64"), { maxOutputLength });
    return Added.parse(JSON.parse(String(json)));
  } catch {
    return undefined;
  }
}

function labelsOf({ config }: Image): Record<string, string> {
  return (config.config["Labels"] ?? {}) as Record<string, string>;
}
