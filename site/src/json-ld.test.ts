import { expect, test } from "vitest";
import { catalog, models } from "../e2e/catalog.ts";
import { catalogLd, modelLd } from "./json-ld.ts";

const versionOf = (id: string) => {
  const version = models.flatMap(({ versions }) => versions).find((one) => one.id === id);
  if (!version) throw new Error(`the test catalog has no ${id}`);
  return version;
};

test("a model is software and a model, with its people, licence, image and works", () => {
  expect(
    JSON.parse(JSON.stringify(modelLd(versionOf("efficientnet-lite0"), catalog.registry))),
  ).toMatchInlineSnapshot(`
    {
      "@context": {
        "@vocab": "https://schema.org/",
        "fair4ml": "https://w3id.org/fair4ml#",
      },
      "@type": [
        "SoftwareSourceCode",
        "fair4ml:MLModel",
      ],
      "author": [
        {
          "@type": "Person",
          "affiliation": {
            "@type": "Organization",
            "name": "Google Research",
            "sameAs": "https://ror.org/00njsd438",
          },
          "familyName": "Liu",
          "givenName": "Renjie",
        },
        {
          "@id": "https://orcid.org/0000-0002-1825-0097",
          "@type": "Person",
          "familyName": "Tan",
          "givenName": "Mingxing",
        },
      ],
      "citation": [
        {
          "@type": "ScholarlyArticle",
          "name": "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks",
          "sameAs": "https://arxiv.org/abs/1905.11946",
        },
      ],
      "codeRepository": "https://github.com/example/efficientnet-lite0/tree/8aa3250bc3f7277955ccd5d18294d03970acb93c/models/efficientnet-lite0",
      "description": "Names what a photograph shows, out of the thousand classes of ImageNet.",
      "identifier": "ghcr.io/modelhub-registry/modelhub/efficientnet-lite0@sha256:2180fd353d889f17d7bf8008332e423a30d2e170f9ea2bbe8e28ff68bc851a62",
      "isAccessibleForFree": true,
      "keywords": [
        "imagenet",
        "mobile",
      ],
      "license": [
        "https://spdx.org/licenses/Apache-2.0.html",
      ],
      "name": "EfficientNet-Lite0",
      "softwareRequirements": "A container engine such as Docker",
      "url": "https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/1.1.0/",
      "version": "1.1.0",
    }
  `);
});

test("a model that waits for its build says what is known", () => {
  const data = JSON.parse(JSON.stringify(modelLd(versionOf("leaf-disease"), catalog.registry)));
  expect(Object.keys(data)).toEqual([
    "@context",
    "@type",
    "name",
    "version",
    "url",
    "codeRepository",
    "isAccessibleForFree",
  ]);
});

test("the catalog leads to its list of all models", () => {
  expect(catalogLd(catalog.registry)).toMatchInlineSnapshot(`
    {
      "@context": "https://schema.org",
      "@type": "DataCatalog",
      "description": "Runnable deep-learning models, each in a container, registered by reference.",
      "distribution": {
        "@type": "DataDownload",
        "contentUrl": "https://modelhub-registry.github.io/modelhub/api/v1/models.json",
        "encodingFormat": "application/json",
      },
      "name": "ModelHub",
      "url": "https://modelhub-registry.github.io/modelhub/",
    }
  `);
});
