import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../commands/build.ts";
import type { Problem } from "../problems.ts";
import { fetchSubjects } from "../subject.ts";
import type { Workspace } from "../workspace.ts";

/**
 * Builds a locked version once more, into a namespace that holds nothing yet, and compares the
 * digests. Runs the contributor's Dockerfile, as every build does. What the builder has in its cache
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
    const { images: built } = await build({ ...unlocked, instance }, { staging, say });
    const pairs = [
      ["stack.base", built.base, lock.stack.base],
      ["stack.runtime", built.runtime, lock.stack.runtime],
      ["stack.engine", built.engine, lock.stack.engine],
      ["image.digest", built.deployment, lock.image.digest],
    ] as const;
    // What stands on an image that differs differs too.
    const first = pairs.find(([, { digest }, locked]) => digest !== locked);
    if (!first) return [];
    const [key, { digest }, got] = first;
    return [{ file, key, expected: `${digest}, as a build gives it`, got }];
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
