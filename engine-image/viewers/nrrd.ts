import type { Grid, Triple } from "./grid.ts";
import { type Read, reader } from "./npy.ts";
import { unpacked } from "./packed.ts";

/** Numbers by the names that the format has for them. */
const kinds: Record<string, readonly ["float" | "int" | "uint", number]> = {
  ...named(["int", 1], "signed char,int8,int8_t"),
  ...named(["uint", 1], "uchar,unsigned char,uint8,uint8_t"),
  ...named(["int", 2], "short,short int,signed short,signed short int,int16,int16_t"),
  ...named(["uint", 2], "ushort,unsigned short,unsigned short int,uint16,uint16_t"),
  ...named(["int", 4], "int,signed int,int32,int32_t"),
  ...named(["uint", 4], "uint,unsigned int,uint32,uint32_t"),
  ...named(["float", 4], "float"),
  ...named(["float", 8], "double"),
};

function named(kind: readonly ["float" | "int" | "uint", number], names: string) {
  return Object.fromEntries(names.split(",").map((name) => [name, kind]));
}

/** What turns the file's world into left, back, head. */
const worlds: Record<string, Triple> = {
  "left-posterior-superior": [1, 1, 1],
  lps: [1, 1, 1],
  "right-anterior-superior": [-1, -1, 1],
  ras: [-1, -1, 1],
  "left-anterior-superior": [1, -1, 1],
  las: [1, -1, 1],
};

/** Whether a file begins as NRRD does. */
export function isNrrd(file: Uint8Array): boolean {
  return new TextDecoder("latin1").decode(file.subarray(0, 4)) === "NRRD";
}

/** The scan in an NRRD file, raw or in gzip. Throws a sentence's end for one that isn't read. */
export async function readNrrd(file: Uint8Array): Promise<Grid> {
  const { fields, start } = readFields(file);
  const sizes = (fields.get("sizes") ?? "").split(/\s+/).map(Number);
  if (sizes.length !== 3 || !sizes.every((size) => size > 0))
    throw new Error("it is NRRD of other than three axes");
  if (fields.has("data file") || fields.has("datafile"))
    throw new Error("it keeps its voxels in another file; one file is read");
  if (["line skip", "byte skip"].some((key) => !/^0?$/.test(fields.get(key) ?? "")))
    throw new Error("it skips bytes before its voxels; a file without is read");
  return { data: await readVoxels(file.slice(start), fields, sizes), ...placeOf(fields, sizes) };
}

type Fields = Map<string, string>;

/** The header's fields, keys in lower case, and where the voxels start. */
function readFields(file: Uint8Array): { fields: Fields; start: number } {
  const text = new TextDecoder("latin1").decode(file.subarray(0, 2 ** 16));
  const [header] = /^[\s\S]*?\r?\n\r?\n/.exec(text) ?? [];
  if (header === undefined) throw new Error("it is NRRD without an end of its header");
  // Comments, and pairs of a key and a value (:=), say nothing of the grid.
  const lines = [...header.matchAll(/^(?!#)([^:\n]+):(?!=)(.*)$/gm)];
  const fields = lines.map(
    ([, key = "", value = ""]) => [key.toLowerCase(), value.trim()] as const,
  );
  return { fields: new Map(fields), start: header.length };
}

async function readVoxels(
  packed: Uint8Array<ArrayBuffer>,
  fields: Fields,
  sizes: readonly number[],
): Promise<Float32Array> {
  const encoding = fields.get("encoding")?.toLowerCase();
  const [kind, bytes] = kinds[fields.get("type")?.toLowerCase() ?? ""] ?? [];
  if (!kind || !bytes || !["raw", "gzip", "gz"].includes(encoding ?? ""))
    throw new Error(
      `it holds voxels of type ${fields.get("type")} in encoding ${encoding}; plain numbers are read, raw or in gzip`,
    );
  const file = encoding === "raw" ? packed : await unpacked(new Blob([packed]));
  const length = sizes.reduce((product, size) => product * size, 1);
  if (file.byteLength < length * bytes) throw new Error("it is shorter than its header says");
  const read = inOrder(reader(kind, bytes), bytes, fields.get("endian")?.toLowerCase() === "big");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return Float32Array.from({ length }, (_, at) => read(view, at * bytes));
}

/** The same for numbers whose highest byte is first. */
function inOrder(read: Read, bytes: number, isBig: boolean): Read {
  if (!isBig || bytes === 1) return read;
  const turned = new DataView(new ArrayBuffer(bytes));
  return (view, at) => {
    for (let byte = 0; byte < bytes; byte += 1)
      turned.setUint8(bytes - 1 - byte, view.getUint8(at + byte));
    return read(turned, 0);
  };
}

/** Where the grid lies; without directions only how far neighbours are apart. */
function placeOf(fields: Fields, sizes: readonly number[]): Omit<Grid, "data"> {
  const three = sizes as Triple;
  const steps = fields
    .get("space directions")
    ?.match(/\([^)]*\)/g)
    ?.map(vector);
  if (!steps) {
    const spacings = (fields.get("spacings") ?? "").split(/\s+/).map(Number);
    const isKnown = spacings.length === 3 && spacings.every((spacing) => spacing > 0);
    if (!isKnown) return { sizes: three, spacing: [1, 1, 1] };
    return {
      sizes: three,
      spacing: spacings as Triple,
      origin: [0, 0, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
  }
  const spacing = steps.map((step) => Math.hypot(...step)) as Triple;
  const flip = worlds[fields.get("space")?.toLowerCase() ?? "lps"];
  const origin = vector(fields.get("space origin") ?? "(0,0,0)");
  if (!flip || steps.length !== 3 || !spacing.every((step) => step > 0))
    return { sizes: three, spacing: [1, 1, 1] };
  const rows = [0, 1, 2] as const;
  return {
    sizes: three,
    spacing,
    origin: rows.map((row) => (origin[row] ?? 0) * flip[row]) as Triple,
    direction: rows.flatMap((row) =>
      steps.map((step, column) => ((step[row] ?? 0) * flip[row]) / (spacing[column] ?? 1)),
    ),
  };
}

const vector = (text: string): number[] =>
  text
    .replace(/[()\s]/g, "")
    .split(",")
    .map(Number);
