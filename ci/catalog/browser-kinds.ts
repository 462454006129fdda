import type { Config } from "#schema/config.ts";

/** What pages read of inputs: the pipeline asks it before it offers a model to them, and they ask it themselves. */

type Input = Config["inputs"][number];

/** Names of what a page reads of each kind of input: media types, and endings of files. */
const readable: Partial<Record<Input["kind"], RegExp>> = {
  image: /[/.](png|jpe?g|webp|gif|bmp)$/,
  volume: /(nifti|\.nii|\.nii\.gz|nrrd|npy)$/,
  array: /(npy|numpy|hdf5|\.h5)$/,
  table: /(csv|tab-separated-values|\.tsv|json)$/,
  audio: /[/.](x-wav|vnd\.wave|wave?|flac)$/,
};
const slices = /[/.](dicom|dcm)$/;

/** Whether a page reads files of this media type, or with this name, for an input. */
export function isReadable(input: Input, name: string): boolean {
  if (input.kind === "image" && slices.test(name)) return !hasRoom(input);
  return readable[input.kind]?.test(name) ?? false;
}

/** Whether a picture's values are declared to go beyond those of 8 bits, as the engine has it. */
export function hasRoom({ dtype, range }: Pick<Input, "dtype" | "range">): boolean {
  if (/8$|^bool$/.test(dtype)) return false;
  return range ? range.max > 255 : dtype.includes("int");
}
