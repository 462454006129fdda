import { newestFirst, testsIn } from "#ci/history.ts";
import type { Built } from "#schema/catalog.ts";
import type { Record } from "#schema/record.ts";
import type { PastTest } from "#schema/tests.ts";
import { bytes, count } from "#viewers/format.ts";

/** The tests of a version: the ones in its record, and those before and after. */

/** What the record's tests measured, of the image and of its variants. */
export function measurements({ image, reports, variants = {} }: Record) {
  const images = [
    { image, reports, variant: undefined },
    ...Object.entries(variants).map(([variant, own]) => ({ ...own, variant })),
  ];
  return images.flatMap(({ image, reports, variant }) =>
    reports.map((report) => ({
      ...report,
      where: [report.gpu ?? report.platform, variant].filter(Boolean).join(", "),
      downloadBytes: image.platforms[report.platform]?.bytes,
    })),
  );
}

/** When and on what the tests of a record ran, a sentence for each day and machine. */
export function conditions(record: Record): string[] {
  const each = Map.groupBy(measurements(record), ({ tested, machine }) =>
    JSON.stringify([tested, machine]),
  );
  return [...each.values()].map((tests) => {
    const [{ tested, machine } = {}] = tests;
    const where = tests.map((one) => one.where).join(" and ");
    if (!tested || !machine) return `${where}: not noted when and on what it was tested.`;
    const { processor, cpus, memoryBytes } = machine;
    const cores = `${count(cpus)} ${cpus === 1 ? "core" : "cores"} of ${processor}`;
    return `${where}: tested ${tested} on ${cores} with ${bytes(memoryBytes)} of memory.`;
  });
}

/** All tests that are remembered, the newest first. */
export function testsOf({ record, history = [] }: Built): PastTest[] {
  // Of one day, those in the record came first.
  return newestFirst([...history, ...testsIn(record)]);
}

/** The last test of each image after the one in its record, on each platform and device, the newest first. */
export function retests({ record, history = [] }: Built): PastTest[] {
  const images = new Set(testsIn(record).map(({ image }) => image));
  const since = history.filter(({ image }) => images.has(image));
  const each = Map.groupBy(since, ({ image, platform, gpu }) =>
    JSON.stringify([image, platform, gpu]),
  );
  return [...each.values()].flatMap(([last]) => last ?? []);
}
