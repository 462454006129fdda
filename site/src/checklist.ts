import { worksBehind } from "#ci/catalog/work-behind.ts";
import type { Built, CatalogVersion } from "#schema/catalog.ts";
import { plural } from "#viewers/format.ts";

/** One thing that somebody needs who wants the same result again. */
export interface Check {
  isMet: boolean;
  text: string;
}

/** What of a built version can be had again, as far as its record and config tell. */
export function checklist(
  { source }: Pick<CatalogVersion, "source">,
  { lock, record }: Built,
  measured: number,
): Check[] {
  const { licenses, provenance, publications = [], evaluation = [] } = record.config;
  const { sbom, signature } = lock.attestations ?? {};
  const { code, ...settings } = provenance?.training ?? {};
  const data = provenance?.trainedOn ?? [];
  return [
    { isMet: true, text: `The source is pinned to commit ${source.revision.slice(0, 12)}` },
    { isMet: true, text: "Weights, image and record are named by their hash" },
    reproduced(record),
    { isMet: sbom !== undefined, text: "All software in the image is listed" },
    { isMet: signature !== undefined, text: "What it was built from is signed" },
    {
      isMet: Object.values(licenses).every((license) => !license.startsWith("LicenseRef-")),
      text: "Code, weights and samples have well-known licences",
    },
    { isMet: worksBehind(publications).length > 0, text: "A publication describes it" },
    { isMet: data.length > 0, text: "Its training data is named" },
    { isMet: Object.keys(settings).length > 0, text: "It says how it was trained" },
    { isMet: code !== undefined, text: "The code that trained it can be had" },
    { isMet: evaluation.length > 0, text: "Its authors state how well it does" },
    { isMet: measured > 0, text: "This registry measured that again" },
  ];
}

function reproduced({ config, reports }: Built["record"]): Check {
  const platforms = reports.map(({ gpu, platform }) => gpu ?? platform).join(" and ");
  return {
    isMet: reports.every(({ passed }) => passed),
    text: `${plural(config.samples.length, "sample")} reproduced on ${platforms}`,
  };
}
