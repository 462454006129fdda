import type { CatalogSample } from "#schema/catalog.ts";
import { readNpy } from "#viewers/npy.ts";
import { readWav } from "#viewers/wav.ts";

type SampleFile = Pick<CatalogSample["inputs"][number], "kind" | "mediaType">;

/** The numbers that a line is drawn of: an array's, or a recording's first channel. */
export function sampleNumbers(
  { kind, mediaType }: SampleFile,
  read: () => Uint8Array,
): ArrayLike<number> | undefined {
  if (kind === "array") return readNpy(read())?.data;
  if (mediaType !== "audio/wav") return undefined;
  try {
    return readWav(read()).channels[0];
  } catch {
    // Compressed ones are named, as other files are.
    return undefined;
  }
}
