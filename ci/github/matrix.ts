import type { Platform } from "#schema/primitives.ts";
import type { PlanItem } from "../commands/plan.ts";

/** GitHub's machine of a platform: each builds and tests natively. */
const runners: Record<Platform, string> = {
  "linux/amd64": "ubuntu-24.04",
  "linux/arm64": "ubuntu-24.04-arm",
};

// GitHub starts no more jobs of one matrix; the next run takes the rest. A machine each counts as one too.
const mostJobs = 256;

/**
 * Lines for GITHUB_OUTPUT: `matrix`, with the jobs of each version, `machines`, on which each of them is built
 * and tested, and `bases`, with a job for each platform whose base image is not published. Empty where there
 * is nothing to do.
 */
export function matrixOutputs(
  items: readonly Pick<PlanItem, "id" | "version">[],
  platforms: readonly Platform[],
  withoutBase: readonly Platform[] = [],
): string {
  const versions = items
    .slice(0, Math.floor(mostJobs / platforms.length))
    .map(({ id, version }) => ({ id, version }));
  const [machines, bases] =
    versions.length > 0 ? [platforms.map(machineOf), withoutBase.map(machineOf)] : [[], []];
  const output = (include: object[]) => (include.length > 0 ? JSON.stringify({ include }) : "");
  return `matrix=${output(versions)}\nmachines=${output(machines)}\nbases=${output(bases)}\n`;
}

// An artifact's name holds no slash.
function machineOf(platform: Platform) {
  return { platform, on: platform.replace("/", "-"), runner: runners[platform] };
}
