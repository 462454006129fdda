import type { CatalogCard } from "#schema/catalog.ts";
import { bytes, seconds } from "#viewers/format.ts";

/** Enough of a digest to recognise it. */
export const shortDigest = (digest: string): string =>
  digest.startsWith("sha256:") ? digest.slice(0, 19) : digest.slice(0, 12);

/** The facts under a card, only those that are known. */
export function cardFacts(card: Omit<CatalogCard, "sample">): string[] {
  return [
    card.framework,
    card.licenses?.weights,
    card.bytes === undefined ? undefined : bytes(card.bytes),
    card.predictSeconds === undefined ? undefined : `${seconds(card.predictSeconds)} a run`,
  ].filter((fact) => fact !== undefined);
}

const compactly = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** A count as one reads it on a scale: 4.69M. */
export const compact = (value: number): string => compactly.format(value);
