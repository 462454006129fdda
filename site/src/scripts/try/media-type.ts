import type { Input } from "#schema/config.ts";
import { mediaTypeOf } from "#viewers/signature.ts";
import { canonical } from "../../../../engine-image/front/media-types.ts";

// Media types of files that hold one of the key's kind.
const wrappings: Record<string, string> = {
  "application/dicom": "application/zip",
  "application/x-nifti": "application/gzip",
};

/** The engine's sentence for a file of a kind that the input doesn't take; nothing where it may. */
export async function refusal(file: Blob, input: Input): Promise<string | undefined> {
  const found = await mediaTypeOf(file);
  if (found === undefined || accepted(input).has(found)) return undefined;
  return `Input '${input.id}' accepts ${input.mediaTypes.join(", ")}; got ${found}.`;
}

function accepted({ kind, mediaTypes }: Input): ReadonlySet<string> {
  const declared = mediaTypes.map(canonical);
  const wrapped = declared.flatMap((mediaType) => wrappings[mediaType] ?? []);
  // Clients that speak in tensors send every array as .npy.
  const arrays = kind === "text" || kind === "file" ? [] : ["application/x-npy"];
  return new Set([...declared, ...wrapped, ...arrays]);
}
