import { isDeepStrictEqual } from "node:util";
import { OursError } from "../errors.ts";
import { sha256 } from "./client.ts";

/**
 * The engine of an image is swapped by rewriting its config and manifest: the layers below stay, the
 * engine's own change, the model's stay. Written by `goJson`, they are the
 * bytes that BuildKit would write.
 */

export interface LayerDescriptor {
  mediaType: string;
  digest: string;
  size: number;
  annotations?: Record<string, string>;
}

export interface ImageManifest {
  mediaType?: string;
  config: LayerDescriptor;
  layers: LayerDescriptor[];
}

/** An image's config, as far as it is read here. https://github.com/opencontainers/image-spec/blob/main/config.md */
export interface ImageConfig {
  os: string;
  architecture: string;
  config: Record<string, unknown>;
  history: object[];
  rootfs: { type: string; diff_ids: string[] };
}

/** An image of one platform. */
export interface Image {
  manifest: ImageManifest;
  config: ImageConfig;
}

/** What lies in a registry as an image; nothing where it is something else, such as a bundle. */
export function asImage(
  manifest: Partial<ImageManifest>,
  config: Partial<ImageConfig>,
): Image | undefined {
  const isImage = manifest.layers && config.config && config.history && config.rootfs?.diff_ids;
  return isImage ? ({ manifest, config } as Image) : undefined;
}

/**
 * `image`, which stands on the engine image `from`, as it would have been built on `to`, also where that
 * is for another platform.
 * Throws when it doesn't stand on `from`.
 */
export function swapEngine(image: Image, from: Image, to: Image): Image {
  requirePrefix(image.config.rootfs.diff_ids, from.config.rootfs.diff_ids, "layers");
  requirePrefix(image.config.history, from.config.history, "history");
  const { os, architecture } = to.config;
  const config = {
    ...image.config,
    os,
    architecture,
    config: mergeConfig(image.config.config, from.config.config, to.config.config),
    history: onTop(image.config.history, from.config.history, to.config.history),
    rootfs: {
      ...image.config.rootfs,
      diff_ids: onTop(
        image.config.rootfs.diff_ids,
        from.config.rootfs.diff_ids,
        to.config.rootfs.diff_ids,
      ),
    },
  };
  const own = image.manifest.layers.slice(from.manifest.layers.length);
  const manifest = {
    ...image.manifest,
    config: described(image.manifest.config, goJson(config)),
    layers: [...to.manifest.layers.map(asBelow), ...own],
  };
  return { manifest, config };
}

/** A descriptor of other bytes. */
export function described<Descriptor>(descriptor: Descriptor, text: string): Descriptor {
  return { ...descriptor, digest: sha256(text), size: Buffer.byteLength(text) };
}

/** A layer as the image above has it: BuildKit notes which layers it wrote for an image, not which it found below. */
export function asBelow({ mediaType, digest, size }: LayerDescriptor): LayerDescriptor {
  return { mediaType, digest, size };
}

function onTop<T>(image: T[], from: T[], to: T[]): T[] {
  return [...to, ...image.slice(from.length)];
}

function requirePrefix(all: readonly unknown[], first: readonly unknown[], what: string): void {
  if (isDeepStrictEqual(all.slice(0, first.length), first)) return;
  throw new OursError(`the image doesn't stand on the engine that its lock names: other ${what}`);
}

// The order in which Go's image-spec writes them.
const configKeys = [
  "User",
  "ExposedPorts",
  "Env",
  "Entrypoint",
  "Cmd",
  "Volumes",
  "WorkingDir",
  "Labels",
  "StopSignal",
];

/** What the image changed of its engine's config stays; all else is the new engine's. */
export function mergeConfig(
  image: Record<string, unknown>,
  from: Record<string, unknown>,
  to: Record<string, unknown>,
): Record<string, unknown> {
  const keys = [...configKeys, ...Object.keys(image).filter((key) => !configKeys.includes(key))];
  const merged = keys.map((key) => [key, mergeValue(key, image[key], from[key], to[key])] as const);
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

function mergeValue(key: string, image: unknown, from: unknown, to: unknown): unknown {
  if (isDeepStrictEqual(image, from)) return to;
  if (key === "Labels") return mergeLabels(record(image), record(from), record(to));
  if (isDeepStrictEqual(from, to)) return image;
  throw new OursError(`both the image and the new engine change ${key}`);
}

function mergeLabels(
  image: Record<string, string>,
  from: Record<string, string>,
  to: Record<string, string>,
): Record<string, string> {
  const own = Object.entries(image).filter(([key, value]) => from[key] !== value);
  return Object.fromEntries(
    Object.entries({ ...to, ...Object.fromEntries(own) }).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function record(value: unknown): Record<string, string> {
  return (value ?? {}) as Record<string, string>;
}

/** JSON as Go's encoder writes it, which escapes what HTML could take for its own. */
export function goJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
