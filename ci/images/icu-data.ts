import { OursError } from "../errors.ts";

/**
 * ICU's data, by which programs know languages, time zones, currencies and encodings: a package with a
 * header, a table of contents sorted by name, and the items.
 * Its format, "CmnD": https://github.com/unicode-org/icu/blob/main/icu4c/source/common/ucmndata.h
 * What items are: https://unicode-org.github.io/icu/userguide/icu_data/
 */
interface Package {
  header: Buffer;
  items: Item[];
}

/** `name` is such as icudt78l/zone/en_GB.res. */
interface Item {
  name: string;
  data: Buffer;
}

const alignment = 16;

// What TextDecoder needs; ICU has six times as many.
const encodings =
  `euc-jp-2007 gb18030-2022 ibm-943_P15A-2003 ibm-970_P110_P110-2006_U2 ibm-1373_P100-2002
  windows-950-2000 ibm-866_P100-1995 ibm-878_P100-1996 ibm-1168_P100-2002 ibm-912_P100-1995
  ibm-913_P100-2000 ibm-914_P100-1995 ibm-915_P100-1995 ibm-1089_P100-1995 ibm-9005_X110-2007
  ibm-5012_P100-1999 iso-8859_10-1998 ibm-921_P100-1995 iso-8859_14-1998 ibm-923_P100-1998
  windows-874-2000 ibm-5346_P100-1998 ibm-5347_P100-1998 ibm-5349_P100-1998 ibm-5350_P100-1998
  ibm-9447_P100-2002 ibm-9448_X100-2005 ibm-9449_P100-2002 ibm-5354_P100-1998 macos-0_2-10.2
  macos-7_3-10.2`.split(/\s+/);

// Rules by which text is taken apart in English; other languages have dictionaries, too.
const breaks = ["char", "line", "sent", "title", "word", "word_POSIX"];

/** What must be there, or Node would lack what it has today. */
const required = [
  ...["root.res", "en.res", "ucadata.icu", "cnvalias.icu"],
  ...encodings.map((stem) => `${stem}.cnv`),
  ...breaks.map((stem) => `${stem}.brk`),
];

/** For each kind of item, which of them is kept; `tree` is the folder, such as zone. */
const isKept: Record<string, (stem: string, tree: string | undefined) => boolean> = {
  res: (stem, tree) => tree !== "translit" && !isOtherLanguage(stem),
  cnv: (stem) => encodings.includes(stem),
  brk: (stem) => breaks.includes(stem),
  // The names of all characters.
  icu: (stem) => stem !== "unames",
  nrm: () => true,
  // Dictionaries, characters that look alike, and normal forms of old protocols: none is Node's.
  dict: () => false,
  cfu: () => false,
  spp: () => false,
};

/**
 * The package with English alone of all languages. What isn't a language's own stays: time zones,
 * currencies, rules for plurals and order, normal forms, and the encodings of TextDecoder.
 */
export function englishOnly(data: Buffer): Buffer {
  const { header, items } = readPackage(data);
  const kept = items.filter(({ name }) => isNeeded(name));
  const names = new Set(kept.map(({ name }) => name.slice(name.lastIndexOf("/") + 1)));
  const missing = required.filter((name) => !names.has(name));
  if (missing.length > 0)
    throw new OursError(
      `ICU's data lacks ${missing.join(", ")}\n  hint: find out what this version has instead, and name it in ci/images/icu-data.ts`,
    );
  return writePackage({ header, items: kept });
}

function isNeeded(name: string): boolean {
  const [, tree, stem = "", kind = ""] = /^\w+\/(?:(\w+)\/)?(.+)\.(\w+)$/.exec(name) ?? [];
  const rule = isKept[kind];
  if (!rule)
    throw new OursError(
      `ICU's data holds ${name}, of a kind that isn't known\n  hint: find out whether Node needs it, and say so in ci/images/icu-data.ts`,
    );
  return rule(stem, tree);
}

/** Locales begin with the two or three letters of their language; what all share has other names. */
function isOtherLanguage(stem: string): boolean {
  const [, language] = /^([a-z]{2,3})(?:_|$)/.exec(stem) ?? [];
  return language !== undefined && language !== "en" && stem !== "res_index";
}

function readPackage(data: Buffer): Package {
  const headerBytes = data.length < 32 ? 0 : data.readUInt16LE(0);
  const [isBigEndian, charset] = [data[8], data[9]];
  const isPackage = data.toString("latin1", 12, 16) === "CmnD" && data[16] === 1;
  if (headerBytes < 32 || !isPackage || isBigEndian !== 0 || charset !== 0)
    throw new OursError("expected ICU's data as a package CmnD 1, little-endian, in ASCII");
  const contents = data.subarray(headerBytes);
  const entries = Array.from({ length: contents.readUInt32LE(0) }, (_, index) => {
    const nameStart = contents.readUInt32LE(4 + index * 8);
    return {
      name: contents.toString("latin1", nameStart, contents.indexOf(0, nameStart)),
      start: contents.readUInt32LE(8 + index * 8),
    };
  });
  const items = entries.map(({ name, start }, index) => {
    const next = entries[index + 1] ?? { name: "\uffff", start: contents.length };
    if (name >= next.name || start % alignment !== 0 || start >= next.start)
      throw new OursError(`expected ICU's items sorted, each at a multiple of 16, got ${name}`);
    return { name, data: contents.subarray(start, next.start) };
  });
  return { header: data.subarray(0, headerBytes), items };
}

function writePackage({ header, items }: Package): Buffer {
  const names = items.map(({ name }) => `${name}\0`);
  const tableBytes = 4 + items.length * 8;
  const contents = Buffer.alloc(aligned(tableBytes + names.join("").length));
  contents.writeUInt32LE(items.length, 0);
  let [nameStart, itemStart] = [tableBytes, contents.length];
  for (const [index, { data }] of items.entries()) {
    contents.writeUInt32LE(nameStart, 4 + index * 8);
    contents.writeUInt32LE(itemStart, 8 + index * 8);
    nameStart += contents.write(names[index] ?? "", nameStart, "latin1");
    itemStart += data.length;
  }
  // Only the last item may end elsewhere than at a multiple of 16.
  return Buffer.concat([header, contents, ...items.map(({ data }) => data)]);
}

const aligned = (bytes: number) => Math.ceil(bytes / alignment) * alignment;
