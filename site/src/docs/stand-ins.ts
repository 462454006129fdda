import type { CatalogVersion } from "#schema/catalog.ts";
import type { Instance } from "#schema/instance.ts";

/** The words that stand in a guide for a model, with what they stand for on the page. */
export interface StandIns {
  /** Absent while no model is built whose samples a guide can use. */
  title: string | undefined;
  /** `written` makes a value fit for where the text goes, such as into HTML. */
  fill: (text: string, written?: (value: string) => string) => string;
}

/** Takes the first built model that reads one picture, so that the lines of a guide run as they are. */
export function standIns(models: readonly CatalogVersion[], registry: Instance): StandIns {
  const model = models.find(isEasy);
  const { built } = model ?? {};
  const values: Record<string, string | undefined> = {
    SITE: registry.site.replace(/\/$/, ""),
    IMAGE: built?.image,
    MODEL: model?.id,
    VERSION: model?.version,
    SAMPLE: built && `${registry.site}api/v1/${built.samples[0]?.inputs[0]?.file}`,
  };
  return {
    title: built?.record.config.title,
    fill: (text, written = (value) => value) =>
      text.replaceAll(/\b(?:SITE|IMAGE|MODEL|VERSION|SAMPLE)\b/g, (word) =>
        written(values[word] ?? word),
      ),
  };
}

function isEasy({ built, yanked }: CatalogVersion): boolean {
  const inputs = built?.record.config.inputs ?? [];
  const [file] = built?.samples[0]?.inputs ?? [];
  return !yanked && inputs.length === 1 && file?.mediaType === "image/jpeg";
}
