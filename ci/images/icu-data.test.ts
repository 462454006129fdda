import { describe, expect, it } from "vitest";
import { englishOnly } from "./icu-data.ts";

const needed = [
  ...["root.res", "en.res", "cnvalias.icu", "coll/ucadata.icu"],
  ...["char", "line", "sent", "title", "word", "word_POSIX"].map((name) => `brkitr/${name}.brk`),
  ...`euc-jp-2007 gb18030-2022 ibm-943_P15A-2003 ibm-970_P110_P110-2006_U2 ibm-1373_P100-2002
    windows-950-2000 ibm-866_P100-1995 ibm-878_P100-1996 ibm-1168_P100-2002 ibm-912_P100-1995
    ibm-913_P100-2000 ibm-914_P100-1995 ibm-915_P100-1995 ibm-1089_P100-1995 ibm-9005_X110-2007
    ibm-5012_P100-1999 iso-8859_10-1998 ibm-921_P100-1995 iso-8859_14-1998 ibm-923_P100-1998
    windows-874-2000 ibm-5346_P100-1998 ibm-5347_P100-1998 ibm-5349_P100-1998 ibm-5350_P100-1998
    ibm-9447_P100-2002 ibm-9448_X100-2005 ibm-9449_P100-2002 ibm-5354_P100-1998 macos-0_2-10.2
    macos-7_3-10.2`
    .split(/\s+/)
    .map((name) => `${name}.cnv`),
];

describe("ICU's data in English alone", () => {
  it("has English of everywhere and what all languages share, and no other language", () => {
    const shared = ["pool.res", "res_index.res", "units.res", "zoneinfo64.res", "nfkc.nrm"];
    const english = ["en_001.res", "zone/en_GB.res", "zone/pool.res", "zone/root.res"];
    const others = [
      "de.res",
      "fil_PH.res",
      "coll/de_.res",
      "zone/zh_Hant.res",
      "translit/root.res",
    ];
    const unused = ["unames.icu", "rfc3491.spp", "brkitr/thaidict.dict", "ibm-37_P100-1995.cnv"];
    const whole = packageOf([...needed, ...shared, ...english, ...others, ...unused]);
    const kept = [...needed, ...shared, ...english];
    expect(itemsOf(englishOnly(whole))).toEqual(itemsOf(packageOf(kept)));
    expect(englishOnly(whole).equals(packageOf(kept))).toBe(true);
  });

  it("is the same when it is made of itself", () => {
    const once = englishOnly(packageOf([...needed, "de.res"]));
    expect(englishOnly(once).equals(once)).toBe(true);
  });

  it("says what a new version lacks, or has that nobody decided on", () => {
    const lacking = needed.filter((name) => !/gb18030|en\.res/.test(name));
    expect(() => englishOnly(packageOf(lacking))).toThrow(
      "lacks en.res, gb18030-2022.cnv\n  hint: ",
    );
    const novel = packageOf([...needed, "brkitr/thai.lstm"]);
    expect(() => englishOnly(novel)).toThrow("holds icudt78l/brkitr/thai.lstm, of a kind that");
  });

  it("isn't made of what is no such package", () => {
    for (const [at, value] of [
      [8, 1], // numbers the other way round
      [9, 1], // names in EBCDIC
      [12, 0x43 + 1],
      [16, 2], // a version of the format
      [0, 0],
    ] as const) {
      const other = packageOf(needed);
      other[at] = value;
      expect(() => englishOnly(other)).toThrow("expected ICU's data as a package CmnD 1");
    }
    expect(() => englishOnly(Buffer.from("CmnD"))).toThrow("expected ICU's data");
  });

  it("isn't made of items out of order", () => {
    const unsorted = packageOf(needed, (names) => names.toReversed());
    expect(() => englishOnly(unsorted)).toThrow("expected ICU's items sorted");
    const apart = packageOf(needed);
    apart.writeUInt32LE(apart.readUInt32LE(headerBytes + 8) + 8, headerBytes + 8);
    expect(() => englishOnly(apart)).toThrow("each at a multiple of 16");
  });
});

const headerBytes = 144;

/** A package as ICU's own tools write it; each item holds its name. */
function packageOf(
  paths: string[],
  sort = (names: string[]) => names.toSorted((a, b) => (a < b ? -1 : 1)),
): Buffer {
  const names = sort(paths.map((path) => `icudt78l/${path}`));
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16LE(headerBytes, 0);
  Buffer.from([0xda, 0x27, 20, 0, 0, 0, 0, 0, 2, 0]).copy(header, 2);
  header.write("CmnD\u0001", 12, "latin1");
  const tableBytes = 4 + names.length * 8;
  const table = Buffer.alloc(tableBytes);
  table.writeUInt32LE(names.length, 0);
  const strings = padded(`${names.join("\0")}\0`, tableBytes);
  const items = names.map((name) => padded(name));
  let [nameStart, itemStart] = [tableBytes, tableBytes + strings.length];
  for (const [index, item] of items.entries()) {
    table.writeUInt32LE(nameStart, 4 + index * 8);
    table.writeUInt32LE(itemStart, 8 + index * 8);
    nameStart += (names[index] ?? "").length + 1;
    itemStart += item.length;
  }
  return Buffer.concat([header, table, strings, ...items]);
}

/** Text, and zeros up to a multiple of 16. */
function padded(text: string, before = 0): Buffer {
  const bytes = Math.ceil((before + text.length) / 16) * 16 - before;
  return Buffer.alloc(bytes).fill(text, 0, text.length, "latin1");
}

/** What is found in a package by its names. */
function itemsOf(data: Buffer): Record<string, string> {
  const contents = data.subarray(headerBytes);
  const textAt = (at: number) => contents.toString("latin1", at, contents.indexOf(0, at));
  const entries = Array.from({ length: contents.readUInt32LE(0) }, (_, index) =>
    [0, 4].map((field) => textAt(contents.readUInt32LE(4 + index * 8 + field))),
  );
  return Object.fromEntries(entries);
}
