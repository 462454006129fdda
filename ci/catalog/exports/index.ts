import type { CatalogVersion } from "#schema/catalog.ts";
import type { Instance } from "#schema/instance.ts";
import { toJson } from "../../files.ts";
import { citationFile } from "./citation-file.ts";
import { croissant } from "./croissant.ts";
import { csl } from "./csl.ts";
import { datacite } from "./datacite.ts";
import { type Described, describedOf } from "./described.ts";
import { modelCard } from "./model-card.ts";
import { modelLd } from "./model-ld.ts";
import { rdf } from "./rdf.ts";
import { ris } from "./ris.ts";
import { yaml } from "./yaml.ts";

/** A built version in the formats of other systems, by file name; a version that waits has none. */
export function exportsOf(version: CatalogVersion, registry: Instance): { [file: string]: string } {
  const model = describedOf(version, registry);
  if (!model) return {};
  return Object.fromEntries(formats.map(({ file, write }) => [file, write(model)]));
}

/** The formats, as a model's page lists them. */
export const formats: { file: string; title: string; write: (model: Described) => string }[] = [
  { file: "CITATION.cff", title: "CITATION.cff", write: (model) => yaml(citationFile(model)) },
  { file: "citation.ris", title: "RIS", write: ris },
  { file: "citation.csl.json", title: "CSL", write: (model) => toJson(csl(model)) },
  { file: "datacite.json", title: "DataCite", write: (model) => toJson(datacite(model)) },
  { file: "rdf.yaml", title: "BioImage.IO", write: (model) => yaml(rdf(model)) },
  { file: "README.md", title: "Hugging Face card", write: modelCard },
  { file: "model.jsonld", title: "schema.org", write: (model) => toJson(modelLd(model)) },
  { file: "croissant.json", title: "Croissant", write: (model) => toJson(croissant(model)) },
];
