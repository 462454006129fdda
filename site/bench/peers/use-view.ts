import type { Built } from "#schema/catalog.ts";
import type { Check } from "../../src/checklist.ts";
import { license, type Section, type Term } from "./blocks.ts";

/** What it is for, where it comes from, and what one may do with it. */
export function use(
  { use, provenance, licenses }: Built["record"]["config"],
  checks: readonly Check[],
): Section[] {
  const training = provenance?.training;
  const known = (list: [term: string, value: unknown, href?: string | undefined][]): Term[] =>
    list.flatMap(([term, value, href]) =>
      value === undefined ? [] : [{ term, text: String(value), href }],
    );
  return [
    ...(use
      ? [
          {
            id: "use",
            title: "Intended use and limits",
            blocks: [
              {
                terms: known([
                  ["Meant for", use.intended],
                  ["Not meant for", use.outOfScope],
                  ["Known to fail", use.limitations],
                ]),
              },
            ],
          },
        ]
      : []),
    {
      id: "provenance",
      title: "Provenance and training",
      blocks: [
        {
          terms: [
            ...known([
              ["First published", provenance?.origin?.replace("https://", ""), provenance?.origin],
              ["Made from", provenance?.baseModels?.join(", ")],
            ]),
            ...(provenance?.trainedOn ?? []).map(({ name, url, size, license: more = "" }) => ({
              term: "Trained on",
              text: size ? `${name}, ${size}` : name,
              href: url,
              more,
            })),
            ...known([
              ["Epochs", training?.epochs],
              ["Batch size", training?.batchSize],
              ["Optimizer", training?.optimizer],
              ["Learning rate", training?.learningRate],
            ]),
          ],
        },
        {
          summary: `Reproducibility: ${checks.filter(({ isMet }) => isMet).length} of ${checks.length}`,
          checks: checks.map(({ isMet, text }) => ({ met: isMet, text })),
        },
      ],
    },
    {
      id: "licences",
      title: "Licences",
      blocks: [
        {
          terms: [
            { term: "Code", ...license(licenses.code) },
            { term: "Weights", ...license(licenses.weights) },
            { term: "Sample data", ...license(licenses.sampleData) },
          ],
        },
      ],
    },
  ];
}
