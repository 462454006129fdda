import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { machinePlatform } from "../platforms.ts";
import { nodeContext, nodePins } from "./engine.ts";
import { shippedNode } from "./shipped-node.ts";

// Node of a distribution has ICU in a library.
const hasIcu = process.platform === "linux" && "icu_data_in" in process.config.variables;
const withContainers = process.env["MODELHUB_CONTAINERS"] === "yes";

describe.skipIf(!hasIcu)("node as images have it", () => {
  const folder = mkdtempSync(join(tmpdir(), "shipped-node-"));
  const file = join(folder, "node");
  beforeAll(() =>
    writeFileSync(file, shippedNode(readFileSync(process.execPath)), { mode: 0o755 }),
  );
  afterAll(() => rmSync(folder, { recursive: true }));

  it("is a third smaller", () => {
    expect(statSync(file).size).toBeLessThan(0.67 * statSync(process.execPath).size);
  });

  it("is made of the same bytes each time", () => {
    expect(shippedNode(readFileSync(process.execPath)).equals(readFileSync(file))).toBe(true);
  });

  it.for(Object.entries(english))("%s, as the whole node does", ([, script]) => {
    expect(told(file, script)).toEqual(told(process.execPath, script));
  });

  it.for(["de", "fr-CH", "ja", "ar-EG", "zh-Hant", "th", "sr-Latn", "xx"])(
    "speaks English where it is asked for %s",
    (locale) => {
      expect(told(file, formats, locale)).toEqual(told(process.execPath, formats, "en-US"));
    },
  );

  it("says that it has no other language", () => {
    const supported = () => Intl.NumberFormat.supportedLocalesOf(["de", "en-GB", "ja", "en"]);
    expect(told(file, supported)).toEqual(["en-GB", "en"]);
  });

  it.for(["grapheme", "word", "sentence"])("loses no %s of another language", (granularity) => {
    const text = "日本語の文章。 ภาษาไทย ភាសាខ្មែរ ພາສາລາວ မြန်မာစာ 한국어 Zürich";
    expect(told(file, partsOf, text, granularity)).toBe(text);
  });
});

describe.skipIf(!withContainers)("the node that is pinned", () => {
  it.for(["linux/amd64", "linux/arm64"] as const)("is a third smaller for %s", async (platform) => {
    const file = join(await nodeContext([platform]), platform.split("/")[1] ?? "", "node");
    expect(statSync(file).size).toBeLessThan(85_000_000);
    if (platform !== machinePlatform()) return;
    const version = told(file, () => process.versions.node);
    expect(nodePins[platform]?.source).toContain(`@${version}#`);
  });
});

type Script = (...values: string[]) => unknown;

/** What a node says a script returns. */
function told(node: string, script: Script, ...values: string[]): unknown {
  const call = `JSON.stringify((${script})(...${JSON.stringify(values)}))`;
  return JSON.parse(execFileSync(node, ["-p", call], { encoding: "utf8" }));
}

function formats(locale?: string): unknown {
  const time = { dateStyle: "full", timeStyle: "full", timeZone: "Asia/Tokyo" } as const;
  return [
    new Intl.NumberFormat(locale, { style: "currency", currency: "EUR" }).format(1234.5),
    new Intl.DateTimeFormat(locale, time).format(0),
    new Intl.RelativeTimeFormat(locale).format(-3, "day"),
    new Intl.ListFormat(locale).format(["a", "b", "c"]),
    new Intl.DisplayNames(locale, { type: "region" }).of("CH"),
    ["z", "ä", "a"].sort(new Intl.Collator(locale).compare),
  ];
}

function partsOf(text = "", granularity = ""): string {
  const segmenter = new Intl.Segmenter("th", { granularity: granularity as "word" });
  return [...segmenter.segment(text)].map(({ segment }) => segment).join("");
}

/** What must not change. */
const english: Record<string, Script> = {
  "formats in the locale of its surroundings": formats,
  "counts in English": () => {
    const rules = new Intl.PluralRules("en", { type: "ordinal" });
    return [1, 2, 3, 11, 21].map((number) => rules.select(number));
  },
  "knows plurals of all languages": () =>
    ["ar", "cy", "pl", "ja"].map((language) => {
      const rules = new Intl.PluralRules(language);
      return [0, 1, 2, 3, 6, 11].map((number) => rules.select(number));
    }),
  "formats as each English country does": () =>
    ["en", "en-US", "en-GB", "en-IN", "en-AU", "en-ZA"].map((locale) => [
      new Intl.NumberFormat(locale, { style: "currency", currency: "USD" }).format(12345678.9),
      new Intl.NumberFormat(locale, { notation: "compact" }).format(12345678.9),
      new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(0),
    ]),
  "knows each unit": () =>
    Intl.supportedValuesOf("unit").map((unit) =>
      new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(2),
    ),
  "knows each currency": () =>
    Intl.supportedValuesOf("currency").map((currency) =>
      new Intl.NumberFormat("en", { style: "currency", currency, currencyDisplay: "name" }).format(
        2,
      ),
    ),
  "knows each time zone": () =>
    Intl.supportedValuesOf("timeZone").map((timeZone) =>
      new Intl.DateTimeFormat("en", { timeZone, dateStyle: "short", timeStyle: "full" }).format(0),
    ),
  "knows each calendar": () =>
    Intl.supportedValuesOf("calendar").map((calendar) =>
      new Intl.DateTimeFormat("en", { calendar, dateStyle: "full", timeZone: "UTC" }).format(0),
    ),
  "knows each numbering system": () =>
    Intl.supportedValuesOf("numberingSystem").map((numberingSystem) =>
      new Intl.NumberFormat("en", { numberingSystem }).format(1234.5),
    ),
  "names languages": () => {
    const names = new Intl.DisplayNames("en", { type: "language" });
    return ["de", "zh-Hant", "sr-Latn-RS"].map((tag) => names.of(tag));
  },
  "sorts in the English order": () => {
    const { compare } = new Intl.Collator("en", { numeric: true });
    return ["résumé", "resume", "Résumé", "a10", "a9", "ß", "日", "я"].sort(compare);
  },
  "takes English text apart": () =>
    (["grapheme", "word", "sentence"] as const).map((granularity) => {
      const segmenter = new Intl.Segmenter("en", { granularity });
      const text = "Dr. Who can't pay $3.50. Why? 👩‍👩‍👧‍👦🇨🇭 e\u0301";
      return [...segmenter.segment(text)].map(({ segment, isWordLike }) => [segment, isWordLike]);
    }),
  "has the normal forms of characters": () =>
    ["NFC", "NFD", "NFKC", "NFKD"].map((form) => "Ａﬁ①é한글ｶﾞ\u1e9b\u0323".normalize(form)),
  "changes case in any language": () =>
    [undefined, "tr", "az", "lt", "el", "de"].map((language) => [
      "iıİI ὈΔΥΣΣΕΎΣ ß ǆ".toLocaleUpperCase(language),
      "IİÌ ΌΣΟΣ ẞ".toLocaleLowerCase(language),
    ]),
  "knows properties of characters in patterns": () =>
    [
      /\p{Script=Greek}+/u,
      /\p{Lu}\p{Ll}*/u,
      /\p{RGI_Emoji}/v,
      /[\p{L}--[a-z]]+/v,
      /\p{ID_Start}+/u,
      /straße/iu,
    ].map((pattern) => pattern.exec("abc Ωμέγα Äpfel 👩‍🚀 STRAßE 日本")?.[0]),
  "reads text in every encoding": () => {
    const labels = `utf-8 utf-16le utf-16be latin1 iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6
      iso-8859-7 iso-8859-8 iso-8859-8-i iso-8859-10 iso-8859-13 iso-8859-14 iso-8859-15 ibm866 koi8-r koi8-u
      macintosh x-mac-cyrillic windows-874 windows-1250 windows-1251 windows-1252 windows-1253 windows-1254
      windows-1255 windows-1256 windows-1257 windows-1258 gbk gb18030 big5 euc-jp iso-2022-jp shift_jis euc-kr`;
    // Each byte after each other one.
    const bytes = Uint8Array.from({ length: 2 ** 17 }, (_, index) =>
      index % 2 ? index >> 9 : index >> 1,
    );
    const { hash } = process.getBuiltinModule("node:crypto");
    return labels
      .split(/\s+/)
      .map((label) => [label, hash("sha256", new TextDecoder(label).decode(bytes))]);
  },
  "reads the Japanese of mail": () =>
    new TextDecoder("iso-2022-jp").decode(
      new TextEncoder().encode("\u001b$B$3$s\u001b(J\\~\u001b(Babc"),
    ),
  "knows hosts in any script": () =>
    ["bücher.example", "日本語.jp", "ＧＯ.com", "xn--mnchen-3ya.de"].map((name) => {
      const { host } = new URL(`http://${name}/`);
      return [host, process.getBuiltinModule("node:url").domainToUnicode(host)];
    }),
  "turns bytes from one encoding into another": () => {
    const { Buffer, transcode } = process.getBuiltinModule("node:buffer");
    return transcode(Buffer.from("€ü"), "utf8", "latin1").toString("hex");
  },
  "says its versions": () => process.versions,
  "copies what it is given": () => structuredClone({ at: new Date(0), text: "ü" }),
};
