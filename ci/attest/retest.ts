import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "../commands/test.ts";
import { ContributionError } from "../errors.ts";
import type { Problem } from "../problems.ts";
import { fetchSubjects } from "../subject.ts";
import type { Workspace } from "../workspace.ts";

/** Runs the samples of a locked image once more, by its digest, and tells what is no longer as expected. */
export async function retest(name: string, file: string, at: Workspace): Promise<Problem[]> {
  const work = mkdtempSync(join(tmpdir(), "modelhub-retest-"));
  try {
    const [subject] = await fetchSubjects([name], { ...at, work });
    if (!subject?.lock) return [];
    const { image, stack } = subject.lock;
    const named = (level: string, digest: string) => {
      const name = level === "deployment" ? image.name : `${subject.instance.images}/${level}`;
      return { name, tag: "", digest, seconds: 0 };
    };
    const images = {
      base: named("base", stack.base),
      runtime: named("runtime", stack.runtime),
      engine: named("engine", stack.engine),
      deployment: named("deployment", image.digest),
    };
    const { unbuilt } = image;
    await test(subject, { key: subject.key, images, ...(unbuilt && { unbuilt }) });
    return [];
  } catch (error) {
    if (!(error instanceof ContributionError)) throw error;
    return error.problems.map((problem) => ({
      ...problem,
      file,
      key: [problem.file, problem.key].filter(Boolean).join(" "),
    }));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
