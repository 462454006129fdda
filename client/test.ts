import { ContributionError } from "#ci/errors.ts";
import type { Report } from "#schema/record.ts";
import { eachSubject } from "./stages.ts";
import { type Common, data, say } from "./verb.ts";

/** Runs the samples of published images on this machine's GPU, and says how the CPU compares. */
export async function testOnGpu(
  names: string[],
  { device, image, ...options }: Common & { device?: string; image?: string },
): Promise<void> {
  if (device !== "cuda")
    throw new ContributionError([{ file: "--device", expected: "cuda", got: String(device) }]);
  const { reportOnCpu, testGpu } = await import("#ci/commands/test-gpu.ts");
  const results = await eachSubject(names, options, async (_, subject) => {
    const tested = await testGpu(subject, image);
    const onCpu = await reportOnCpu(subject, tested.report);
    const than = onCpu ? `; on the CPU of its first test ${milliseconds(onCpu)}` : "";
    say(`${subject.id} ${subject.version}: ${passed(tested.report)}${than}`);
    return tested;
  });
  if (options.json) data(results);
}

/** What a test saw, in a line. */
export function passed(report: Report): string {
  const { platform, gpu, emulated, samples } = report;
  const count = `${samples.length} of ${samples.length} samples pass`;
  const time = `${milliseconds(report)} a prediction`;
  return `${count} on ${gpu ?? platform}, ${time}${emulated ? " (emulated)" : ""}`;
}

function milliseconds({ predictSeconds }: Report): string {
  return `${(predictSeconds * 1000).toFixed(1)} ms`;
}
