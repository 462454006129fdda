import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "#schema/config.ts";
import type { Instance } from "#schema/instance.ts";
import type { Lock } from "#schema/lock.ts";
import type { Platform, Unbuilt, Variant } from "#schema/primitives.ts";
import { ContributionError, OursError } from "./errors.ts";
import { keyOf } from "./files.ts";
import type { FetchedSubject, Subject } from "./subject.ts";

/** A version is built and tested on each platform by itself: on one machine, or on one machine each. */

/** The version on each of its platforms. With one platform, the version itself. */
export function partsOf<Whole extends Subject>(subject: Whole): Whole[] {
  return subject.instance.platforms.map((platform) => partOf(subject, platform));
}

/** The version on one platform, with a key and a folder of its own. Throws for one that the registry does without. */
export function partOf<Whole extends Subject>(subject: Whole, platform: string): Whole {
  const { instance, key, contentKey, work } = subject;
  const wanted = instance.platforms.find((known) => known === platform);
  if (!wanted) {
    const expected = `a platform of registry.json: ${instance.platforms.join(", ")}`;
    throw new ContributionError([{ file: "--platform", expected, got: platform }]);
  }
  if (instance.platforms.length === 1) return subject;
  return {
    ...subject,
    key: keyOf([key, wanted]),
    contentKey: keyOf([contentKey, wanted]),
    instance: { ...instance, platforms: [wanted] },
    work: join(work, wanted.replace("/", "-")),
  };
}

/** The platform of a version on one platform. */
export function platformOf({ id, instance }: Subject): Platform {
  const [platform] = instance.platforms;
  if (!platform) throw new Error(`${id} has no platform`);
  return platform;
}

/** The version's further images, each with a key, a folder and a lock of its own. */
export function variantsOf(subject: FetchedSubject): (FetchedSubject & { variant: Variant })[] {
  if (subject.variant) return [];
  return variantNames(subject.config).map((variant) => variantOf(subject, variant));
}

/** Those that are locked, for whom has not fetched the source. */
export function lockedVariants<Whole extends Subject>(
  subject: Whole,
): (Whole & { variant: Variant })[] {
  if (subject.variant) return [];
  return variantNames(subject.lock ?? {}).map((variant) => variantOf(subject, variant));
}

function variantOf<Whole extends Subject>(
  subject: Whole,
  variant: Variant,
): Whole & { variant: Variant } {
  const { key, contentKey, work, lock } = subject;
  return {
    ...subject,
    variant,
    key: keyOf([key, variant]),
    contentKey: keyOf([contentKey, variant]),
    work: join(work, variant),
    ...(lock && { lock: lockOf(lock, variant) }),
  };
}

/** What a lock says of a variant, in the words of a version's own lock. */
function lockOf(lock: Lock, variant: Variant): Lock {
  const own = lock.variants?.[variant];
  if (!own) return lock;
  const { runtime, engine, ...image } = own;
  return {
    ...lock,
    key: keyOf([lock.key, variant]),
    contentKey: keyOf([lock.contentKey, variant]),
    image: { name: lock.image.name, ...image },
    stack: { ...lock.stack, runtime, engine },
  };
}

function variantNames({ variants = {} }: Pick<Config | Lock, "variants">): Variant[] {
  return Object.keys(variants) as Variant[];
}

/** The folder with the Dockerfile of a runtime image, inside the contributor's. */
export function runtimeFolder(
  config: Pick<Config, "runtime" | "variants">,
  variant?: Variant,
): string {
  return (variant && config.variants?.[variant]?.runtime) ?? config.runtime ?? "runtime";
}

/** The platforms that there is an image for, where those that can't be built are known. */
export function builtPlatforms(
  { platforms }: Pick<Instance, "platforms">,
  unbuilt: Unbuilt = {},
): Platform[] {
  return platforms.filter((platform) => unbuilt[platform] === undefined);
}

/** The platform of this machine. */
export function machinePlatform(): Platform {
  return process.arch === "arm64" ? "linux/arm64" : "linux/amd64";
}

// Linux lists in a folder what runs programs of other processors; qemu has its own names for them.
const emulators: Record<Platform, string> = {
  "linux/amd64": "qemu-x86_64",
  "linux/arm64": "qemu-aarch64",
};

/** Throws where programs of a platform run neither natively nor emulated. */
export function requirePlatform(platform: Platform, emulated = "/proc/sys/fs/binfmt_misc"): void {
  if (platform === machinePlatform() || existsSync(join(emulated, emulators[platform]))) return;
  throw new OursError(
    `this machine runs ${machinePlatform()} alone, and the image is for ${platform}\n  hint: \`scripts/setup --emulation\` lets it run both, slowly; \`--platform ${machinePlatform()}\` leaves the other out`,
  );
}
