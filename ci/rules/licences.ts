import licences from "spdx-license-ids/index.json" with { type: "json" };
import { nearest } from "../nearest.ts";
import { quote } from "../problems.ts";
import { inConfig } from "./folder.ts";
import type { ContributionRule } from "./rule.ts";

/** Licences are SPDX expressions, so that machines and lawyers read the same. */
export const licencesAreSpdx: ContributionRule = async ({ contribution }) => {
  const { licenses, samples = [] } = contribution.parts;
  const named: [string, string | undefined][] = [
    ["licenses.code", licenses?.code],
    ["licenses.weights", licenses?.weights],
    ["licenses.sampleData", licenses?.sampleData],
    ...samples.map(({ license }, index): [string, string | undefined] => [
      `samples[${index}].license`,
      license,
    ]),
  ];
  const { default: parse } = await import("spdx-expression-parse");
  return named.flatMap(([key, expression]) => {
    if (expression === undefined) return [];
    try {
      parse(expression);
      return [];
    } catch {
      // The parser says only where it stopped; the nearest licence helps more.
      return [
        inConfig(contribution, {
          key,
          expected: "an SPDX licence such as Apache-2.0",
          got: quote(expression),
          hint: licenceHint(expression),
        }),
      ];
    }
  });
};

/** Who gets the image gets the terms: it holds the author's folder, not all of the repository. */
export const licenceTextIsThere: ContributionRule = ({ contribution }) => {
  const { files, shown } = contribution;
  if (files.some(({ path, bytes }) => bytes > 0 && licenceText.test(path))) return [];
  return [
    {
      file: shown,
      expected: "the text of the licence, such as a file LICENSE",
      got: "none",
      hint: "nearly every licence asks for it with each copy, and the image is one; texts for weights and samples go into licenses/",
    },
  ];
};

// license/ is where the first ModelHub.AI had it.
const licenceText = /^((LICEN[CS]E|COPYING)[^/]*|licenses?\/.+)$/;

function licenceHint(expression: string): string {
  const meant = nearest(expression.replaceAll(" ", "-"), licences);
  if (meant) return `did you mean ${quote(meant)}?`;
  return "https://spdx.org/licenses lists them; one of your own is LicenseRef-name";
}
