import type { NumberArray } from "./array.ts";
import { readHdf5 } from "./hdf5.ts";
import { readNpy } from "./npy.ts";

/**
 * The array in a file, .npy or HDF5; of several datasets the named one. Nothing where the file is
 * another, damaged, or holds several and none is named.
 */
export async function readArray(file: Uint8Array, name?: string): Promise<NumberArray | undefined> {
  try {
    return readNpy(file) ?? (await readHdf5(file, name));
  } catch {
    return undefined;
  }
}
