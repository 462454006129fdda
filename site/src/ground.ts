import { readFileSync } from "node:fs";
import type { CatalogSample } from "#schema/catalog.ts";
import { apiPath } from "./catalog.ts";
import type { Ground } from "./drawing.ts";
import { apiLink } from "./links.ts";

// Larger files take the build more time than the picture is worth.
const mostBytes = 8_000_000;

/** The input that a sample's outputs lie on: the one that is named, else the first that is looked at. */
export function groundOf({ inputs }: CatalogSample, id: string | undefined): Ground | undefined {
  const seen = inputs.filter(({ kind }) => kind === "image" || kind === "volume");
  const input = seen.find((one) => one.id === id) ?? seen[0];
  if (!input || input.bytes > mostBytes) return undefined;
  const { mediaType, file } = input;
  return { mediaType, address: apiLink(file), read: () => readFileSync(apiPath(file)) };
}
