import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lock } from "#schema/lock.ts";
import type { Variant } from "#schema/primitives.ts";
import { build } from "../commands/build.ts";
import { variantsOf } from "../platforms.ts";
import type { Problem } from "../problems.ts";
import { requireStage, type StageFile } from "../stage-files.ts";
import { fetchSubjects } from "../subject.ts";
import type { Workspace } from "../workspace.ts";

/**
 * Builds a locked version once more with its variants, into a namespace that holds nothing yet, and
 * compares the digests. Runs the contributor's Dockerfile, as every build does. What the builder has in its cache
 * it uses: an empty builder proves the most.
 */
export async function rebuild(
  name: string,
  file: string,
  at: Workspace,
  say: (line: string) => void,
): Promise<Problem[]> {
  const work = mkdtempSync(join(tmpdir(), "modelhub-rebuild-"));
  try {
    const [subject] = await fetchSubjects([name], { ...at, work });
    if (!subject?.lock) return [];
    const { lock, ...unlocked } = subject;
    if (lock.key !== subject.key) {
      const hint = "check out the commit of this registry that wrote the lock, and run it there";
      return [
        { file, key: "key", expected: `${subject.key}, of today's inputs`, got: lock.key, hint },
      ];
    }
    // Without a lock, and where nothing was published, nothing can be taken from elsewhere.
    const [host] = at.staging.split("/");
    const staging = `${host}/rebuild-${process.pid}-${Date.now().toString(36)}`;
    const instance = { ...subject.instance, images: staging };
    const anew = { ...unlocked, instance };
    const { images } = await build(anew, { staging, say });
    const variants = variantsOf(anew).map(
      (one) => [one.variant, requireStage("build", one).images] as const,
    );
    return rebuildProblems(lock, file, images, Object.fromEntries(variants));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

type Images = StageFile<"build">["images"];

/** Where the images of a build, and of its variants, aren't those of the lock; of each stack the lowest. */
export function rebuildProblems(
  lock: Lock,
  file: string,
  { base, runtime, engine, deployment }: Images,
  variants: Partial<Record<Variant, Images>>,
): Problem[] {
  const names = Object.keys({ ...lock.variants, ...variants }) as Variant[];
  const stacks: Pair[][] = [
    [
      ["stack.base", base.digest, lock.stack.base],
      ["stack.runtime", runtime.digest, lock.stack.runtime],
      ["stack.engine", engine.digest, lock.stack.engine],
      ["image.digest", deployment.digest, lock.image.digest],
    ],
    ...names.map((name): Pair[] => {
      const [built, locked] = [variants[name], lock.variants?.[name]];
      return [
        [`variants.${name}.runtime`, built?.runtime.digest, locked?.runtime],
        [`variants.${name}.engine`, built?.engine.digest, locked?.engine],
        [`variants.${name}.digest`, built?.deployment.digest, locked?.digest],
      ];
    }),
  ];
  return stacks.flatMap((pairs) => {
    // What stands on an image that differs differs too.
    const first = pairs.find(([, built, locked]) => built !== locked);
    if (!first) return [];
    const [key, built = "nothing", got = "nothing"] = first;
    return [{ file, key, expected: `${built}, as a build gives it`, got }];
  });
}

type Pair = [key: string, built: string | undefined, locked: string | undefined];
