import { expect, test } from "vitest";
import { parse } from "yaml";
import { catalog, models } from "../../../site/e2e/catalog.ts";
import { exportsOf } from "./index.ts";

/** The forms in which a version is cited, whole, as the programs that read them get them. */

const version = models
  .flatMap(({ versions }) => versions)
  .find(({ id, version }) => id === "efficientnet-lite0" && version === "1.1.0");

function form(file: string, change: (model: NonNullable<typeof version>) => void = () => {}) {
  const model = structuredClone(version);
  if (!model) throw new Error("the test catalog has no efficientnet-lite0 1.1.0");
  change(model);
  return exportsOf(model, catalog.registry)[file] ?? "";
}

test("RIS has the model, its people, its address and its bytes", () => {
  expect(form("citation.ris").split("\r\n")).toEqual([
    "TY  - COMP",
    "ID  - efficientnet-lite0-1.1.0",
    "TI  - EfficientNet-Lite0",
    "AU  - Liu, Renjie",
    "AU  - Tan, Mingxing",
    "PY  - 2026",
    "DA  - 2026/05/17",
    "ET  - 1.1.0",
    "PB  - ModelHub",
    "UR  - https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/1.1.0/",
    "AB  - Names what a photograph shows, out of the thousand classes of ImageNet.",
    "KW  - imagenet",
    "KW  - mobile",
    "N1  - Container image ghcr.io/modelhub-registry/modelhub/efficientnet-lite0@sha256:2180fd353d889f17d7bf8008332e423a30d2e170f9ea2bbe8e28ff68bc851a62",
    "N1  - Source commit 8aa3250bc3f7277955ccd5d18294d03970acb93c",
    "ER  - ",
  ]);
});

test("CSL has the model, its people, its address and its bytes", () => {
  expect(JSON.parse(form("citation.csl.json"))).toEqual([
    {
      id: "efficientnet-lite0-1.1.0",
      type: "software",
      title: "EfficientNet-Lite0",
      author: [
        { family: "Liu", given: "Renjie" },
        { family: "Tan", given: "Mingxing" },
      ],
      version: "1.1.0",
      issued: { "date-parts": [[2026, 5, 17]] },
      publisher: "ModelHub",
      URL: "https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/1.1.0/",
      abstract: "Names what a photograph shows, out of the thousand classes of ImageNet.",
      note: "Container image ghcr.io/modelhub-registry/modelhub/efficientnet-lite0@sha256:2180fd353d889f17d7bf8008332e423a30d2e170f9ea2bbe8e28ff68bc851a62",
    },
  ]);
});

test("CITATION.cff has the model, its people, and the work that describes it", () => {
  expect(parse(form("CITATION.cff"))).toEqual({
    "cff-version": "1.2.0",
    message: "If you use this model, please cite it and the publication behind it.",
    type: "software",
    title: "EfficientNet-Lite0",
    abstract: "Names what a photograph shows, out of the thousand classes of ImageNet.",
    version: "1.1.0",
    "date-released": "2026-05-17",
    url: "https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/1.1.0/",
    "repository-code": "https://github.com/example/efficientnet-lite0",
    commit: "8aa3250bc3f7277955ccd5d18294d03970acb93c",
    "repository-artifact":
      "https://ghcr.io/modelhub-registry/modelhub/efficientnet-lite0@sha256:2180fd353d889f17d7bf8008332e423a30d2e170f9ea2bbe8e28ff68bc851a62",
    license: "Apache-2.0",
    keywords: ["imagenet", "mobile"],
    authors: [
      { "family-names": "Liu", "given-names": "Renjie", affiliation: "Google Research" },
      {
        "family-names": "Tan",
        "given-names": "Mingxing",
        orcid: "https://orcid.org/0000-0002-1825-0097",
      },
    ],
    references: [
      {
        type: "article",
        title: "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks",
        authors: [{ name: "Mingxing Tan, Quoc V. Le" }],
        year: 2019,
        journal: "International Conference on Machine Learning",
        url: "https://arxiv.org/abs/1905.11946",
      },
    ],
  });
});

test("CITATION.cff has the work's DOI where the format can write it", () => {
  const reference = (doi: string) =>
    parse(
      form("CITATION.cff", ({ built }) => {
        for (const work of built?.record.config.publications ?? []) work.doi = doi;
      }),
    ).references[0].doi;
  expect(reference("10.1000/182")).toBe("10.1000/182");
  expect(reference("10.1000/<b>")).toBeUndefined();
});

test("CITATION.cff leaves out a licence that is no single one of SPDX", () => {
  const license = (code: string) =>
    parse(
      form("CITATION.cff", ({ built }) => {
        if (built) built.record.config.licenses.code = code as never;
      }),
    ).license;
  expect(license("MIT")).toBe("MIT");
  expect(license("LicenseRef-Own")).toBeUndefined();
});

test("DataCite tells the licence of the weights from that of the code", () => {
  const text = form("datacite.json", ({ built }) => {
    if (built) built.record.config.licenses.weights = "MIT" as never;
  });
  const { rightsList } = JSON.parse(text).data.attributes;
  expect(rightsList.map(({ rights }: { rights: string }) => rights)).toEqual([
    "Code: Apache-2.0",
    "Weights: MIT",
  ]);
});

test("DataCite has all that it asks for, and what the model comes from", () => {
  expect(JSON.parse(form("datacite.json")).data.attributes).toEqual({
    titles: [{ title: "EfficientNet-Lite0" }],
    creators: [
      {
        name: "Liu, Renjie",
        nameType: "Personal",
        givenName: "Renjie",
        familyName: "Liu",
        affiliation: [
          {
            name: "Google Research",
            affiliationIdentifier: "https://ror.org/00njsd438",
            affiliationIdentifierScheme: "ROR",
          },
        ],
      },
      {
        name: "Tan, Mingxing",
        nameType: "Personal",
        givenName: "Mingxing",
        familyName: "Tan",
        nameIdentifiers: [
          {
            nameIdentifier: "https://orcid.org/0000-0002-1825-0097",
            nameIdentifierScheme: "ORCID",
            schemeUri: "https://orcid.org",
          },
        ],
      },
    ],
    publisher: { name: "ModelHub" },
    publicationYear: "2026",
    types: { resourceTypeGeneral: "Model", resourceType: "Deep-learning model" },
    version: "1.1.0",
    url: "https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/1.1.0/",
    dates: [{ date: "2026-05-17", dateType: "Available" }],
    subjects: [{ subject: "image-classification" }, { subject: "imagenet" }, { subject: "mobile" }],
    rightsList: [
      {
        rights: "Code: Apache-2.0",
        rightsIdentifier: "Apache-2.0",
        rightsIdentifierScheme: "SPDX",
      },
      {
        rights: "Weights: Apache-2.0",
        rightsIdentifier: "Apache-2.0",
        rightsIdentifierScheme: "SPDX",
      },
    ],
    descriptions: [
      {
        description: "Names what a photograph shows, out of the thousand classes of ImageNet.",
        descriptionType: "Abstract",
      },
    ],
    alternateIdentifiers: [
      {
        alternateIdentifier:
          "ghcr.io/modelhub-registry/modelhub/efficientnet-lite0@sha256:2180fd353d889f17d7bf8008332e423a30d2e170f9ea2bbe8e28ff68bc851a62",
        alternateIdentifierType: "OCI image",
      },
    ],
    relatedIdentifiers: [
      {
        relatedIdentifier: "https://github.com/example/efficientnet-lite0",
        relatedIdentifierType: "URL",
        relationType: "IsDerivedFrom",
      },
      {
        relatedIdentifier: "https://arxiv.org/abs/1905.11946",
        relatedIdentifierType: "URL",
        relationType: "IsDescribedBy",
      },
    ],
    schemaVersion: "http://datacite.org/schema/kernel-4",
  });
});
