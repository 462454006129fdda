import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { CatalogVersion } from "#schema/catalog.ts";
import { catalog, models } from "../../../site/e2e/catalog.ts";
import { openApi } from "../openapi.ts";
import { exportsOf, formats } from "./index.ts";

const versions = models.flatMap((model) => model.versions);

function files(id: string, change: (model: CatalogVersion) => void = () => {}) {
  const model = structuredClone(versions.find((version) => version.id === id));
  if (!model) throw new Error(`no model ${id}`);
  change(model);
  return exportsOf(model, catalog.registry);
}

const classifier = files("efficientnet-lite0");
const frontMatter = (card = "") => parse(card.split("---\n")[1] ?? "");

test("CITATION.cff names people, commit, image and the publication", () => {
  expect(parse(classifier["CITATION.cff"] ?? "")).toMatchObject({
    "cff-version": "1.2.0",
    type: "software",
    version: "1.1.0",
    "date-released": "2026-05-17",
    license: "Apache-2.0",
    commit: expect.stringMatching(/^[0-9a-f]{40}$/),
    authors: [
      { "family-names": "Liu", "given-names": "Renjie" },
      { orcid: "https://orcid.org/0000-0002-1825-0097" },
    ],
    references: [{ type: "article", year: 2019, url: "https://arxiv.org/abs/1905.11946" }],
  });
});

test("CITATION.cff lists nobody twice, which its schema refuses", () => {
  const id = "general-purpose-self-supervised-embeddings-of-very-large-images";
  const { authors } = parse(files(id)["CITATION.cff"] ?? "");
  expect(new Set(authors.map((author: object) => JSON.stringify(author))).size).toBe(
    authors.length,
  );
});

test("RIS has a field a line, whatever the authors write", () => {
  const broken = files("efficientnet-lite0", ({ built }) => {
    if (built) built.record.config.summary = "Names things.\nER  - and more";
  });
  const lines = (broken["citation.ris"] ?? "").trimEnd().split(/\r?\n/);
  expect(lines.every((line) => /^[A-Z][A-Z0-9] {2}- /.test(`${line} `))).toBe(true);
  expect(lines.slice(0, 5)).toEqual([
    "TY  - COMP",
    "ID  - efficientnet-lite0-1.1.0",
    "TI  - EfficientNet-Lite0",
    "AU  - Liu, Renjie",
    "AU  - Tan, Mingxing",
  ]);
  expect(lines.filter((line) => line.startsWith("ER"))).toHaveLength(1);
});

test("CSL names the day, the people and the image", () => {
  expect(JSON.parse(classifier["citation.csl.json"] ?? "")).toMatchObject([
    {
      type: "software",
      version: "1.1.0",
      issued: { "date-parts": [[2026, 5, 17]] },
      author: [{ family: "Liu", given: "Renjie" }, { family: "Tan" }],
      note: expect.stringMatching(/@sha256:[0-9a-f]{64}$/),
    },
  ]);
});

test("BioImage.IO's description has a name of the characters that it takes", () => {
  const { name, cite, license, config } = parse(files("cell-counter")["rdf.yaml"] ?? "");
  expect(name).toBe("Cells b counted b typed");
  expect(cite[0].url).toBe("https://doi.org/10.1000/182%3Cb%3E");
  expect(license).toBe("CC-BY-NC-4.0");
  expect(config.modelhub.image).toMatch(/@sha256:[0-9a-f]{64}$/);
});

test("a short title is made as long as BioImage.IO wants it", () => {
  const short = files("silero-vad", ({ built }) => {
    if (built) built.record.config.title = "Vad";
  });
  expect(parse(short["rdf.yaml"] ?? "").name).toBe("Vad model");
});

describe("the Hugging Face card", () => {
  test("has the claims as results that nobody verified", () => {
    expect(frontMatter(classifier["README.md"])).toMatchObject({
      license: "apache-2.0",
      pipeline_tag: "image-classification",
      "model-index": [
        { results: [{ metrics: [{ type: "top-1-accuracy", value: 75.1, verified: false }] }] },
      ],
    });
  });

  test("says other of a licence that Hugging Face does not know", () => {
    const id = "general-purpose-self-supervised-embeddings-of-very-large-images";
    expect(frontMatter(files(id)["README.md"])).toMatchObject({
      license: "other",
      license_name: "licenseref-research-only",
    });
  });

  test("keeps hostile titles as text", () => {
    expect(files("cell-counter")["README.md"]).toContain('# Cells \\<b>counted\\</b> & "typed"');
  });
});

test("DataCite gets creators with ORCID and ROR, both licences and the image", () => {
  const { data } = JSON.parse(classifier["datacite.json"] ?? "");
  expect(data.attributes).toMatchObject({
    publicationYear: "2026",
    types: { resourceTypeGeneral: "Model" },
    creators: [
      { name: "Liu, Renjie", affiliation: [{ affiliationIdentifierScheme: "ROR" }] },
      { nameIdentifiers: [{ nameIdentifierScheme: "ORCID" }] },
    ],
    rightsList: [{ rights: "Code: Apache-2.0" }, { rights: "Weights: Apache-2.0" }],
  });
});

test("linked data has the weights by hash", () => {
  const data = JSON.parse(classifier["model.jsonld"] ?? "");
  expect(data["@type"]).toContain("fair4ml:MLModel");
  expect(data.distribution[0].sha256).toMatch(/^[0-9a-f]{64}$/);
});

test("a version that waits for its build is not exported", () => {
  expect(files("leaf-disease")).toEqual({});
});

test("Croissant has every sample file with its address and the hash of the record", () => {
  const { distribution, recordSet } = JSON.parse(files("silero-vad")["croissant.json"] ?? "");
  expect(distribution).toMatchObject([
    {
      "@type": "cr:FileObject",
      "@id": "words/sound",
      contentUrl:
        "https://modelhub-registry.github.io/modelhub/api/v1/models/silero-vad/6.2.3/words.npy",
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    },
  ]);
  expect(recordSet[0].data).toEqual([
    { "samples/id": "words", "samples/title": "Two words in one second" },
  ]);
});

test("Croissant leaves out a file whose hash nobody knows", () => {
  const lost = files("silero-vad", ({ built }) => {
    if (built) built.record.files = [];
  });
  expect(JSON.parse(lost["croissant.json"] ?? "").distribution).toEqual([]);
});

test("the document of the API has every format", () => {
  const { paths } = openApi(catalog.registry) as { paths: object };
  const listed = Object.keys(paths).filter((path) => path.startsWith("/exports/"));
  expect(listed).toEqual(formats.map(({ file }) => `/exports/{id}/{version}/${file}`));
});
