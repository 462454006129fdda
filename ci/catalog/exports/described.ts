import type { Built, CatalogVersion } from "#schema/catalog.ts";
import type { Config, Publication } from "#schema/config.ts";
import type { Instance } from "#schema/instance.ts";
import { workBehind } from "../work-behind.ts";

/** A built version with what every format asks for. */
export interface Described {
  id: string;
  version: string;
  config: Config;
  built: Built;
  /** The version's own page. */
  url: string;
  source: { repository: string; revision: string };
  /** Day of registration, where git knows it. */
  day: string | undefined;
  year: number | undefined;
  /** The work that describes the model. */
  publication: Publication | undefined;
  registry: Instance;
}

/** Undefined while the version waits for its build. */
export function describedOf(version: CatalogVersion, registry: Instance): Described | undefined {
  const { id, built, source, published } = version;
  if (!built) return undefined;
  const { config } = built.record;
  const publication = workBehind(config.publications);
  return {
    id,
    version: version.version,
    config,
    built,
    url: `${registry.site}models/${id}/${version.version}/`,
    source,
    day: published?.slice(0, 10),
    year: published ? Number(published.slice(0, 4)) : publication?.year,
    publication,
    registry,
  };
}

/** An address of a work, best first. */
export function workUrl({ doi, arxiv, url }: Publication): string | undefined {
  if (doi) return `https://doi.org/${encodeURI(doi)}`;
  return arxiv ? `https://arxiv.org/abs/${arxiv}` : url;
}

/** Whether the text is one SPDX licence and no expression of several. */
export const isOneLicense = (expression: string): boolean =>
  /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(expression) && !expression.startsWith("LicenseRef-");
