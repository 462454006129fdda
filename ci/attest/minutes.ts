import type { Lock } from "#schema/lock.ts";

/** What a night reckons with for `verify`. */

// GitHub takes 2,000 a minute; ci/oci/patience.ts asks for less.
const requestsPerMinute = 1500;

// Eight are read at once, so that each may take eight times as long.
const minutesToRead = 1;

/** Minutes to reckon with for a version, whose blobs are read or, quickly, asked for their sizes. */
export function minutesFor(
  { lock }: { lock?: Lock },
  { quick = false }: { quick?: boolean },
): number {
  if (!lock) return 0;
  return requestsFor(lock) / requestsPerMinute + (quick ? 0 : minutesToRead);
}

// What was measured, and the pictures that samples gave: a lock doesn't say how many.
const filesOfRecord = 4;

/**
 * Requests to reckon with for a version. A run asks once for what many versions share, which is base and
 * engine, and is left out here.
 */
export function requestsFor({ image, variants = {}, weights, attestations }: Lock): number {
  const images = [image, ...Object.values(variants)];
  // An index and the model's name; manifest, config and runtime of each platform.
  const ofImages = images.map(({ platforms }) => 2 + 3 * Object.keys(platforms).length);
  // The weights and the author's folder, as layers and once more in the bundle.
  const files = 2 * (Object.keys(weights).length + 1);
  // A manifest each; the bundle has a config besides, the others a file.
  const artifacts = 2 + (1 + filesOfRecord) + 2 * Object.keys(attestations ?? {}).length;
  return ofImages.reduce((sum, count) => sum + count, files + artifacts);
}
