import type { Record } from "#schema/record.ts";

/** The report that speaks for a version: of a native platform if there is one, since emulation is slow. */
export function mainReport({ image, reports }: Record) {
  const report = reports.find(({ emulated }) => !emulated) ?? reports[0];
  return report && { ...report, downloadBytes: image.platforms[report.platform]?.bytes };
}
