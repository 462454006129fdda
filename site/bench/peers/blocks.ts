import type { Command as CommandLine } from "../../src/run.ts";
import { spdxParts } from "../../src/spdx.ts";
import type { SampleView } from "./sample-view.ts";

/** The parts of a page, for templates that only lay out what they are given. */

export interface Section {
  id: string;
  title: string;
  note?: string;
  blocks: Block[];
}

/** One of these, in the order in which they stand in the section. */
export interface Block {
  commands?: Command[];
  sample?: SampleView;
  table?: Table;
  terms?: Term[];
  digests?: { term: string; what: string; text: string }[];
  bars?: { label: string; value: string; width: string }[];
  people?: {
    name: string;
    page: string;
    orcid?: string | undefined;
    affiliation?: string | undefined;
  }[];
  works?: object[];
  differences?: object[];
  checks?: { met: boolean; text: string }[];
  versions?: { version: string; href: string; published: string; digest: string }[];
  links?: { text: string; href: string }[];
  prose?: string;
  try?: { data: string; command: Command };
  text?: string;
  kind?: string;
  title?: string;
  /** Of the details in which the block lies. */
  summary?: string;
  /** Bars that are left out: how many, and which. */
  rest?: string;
  more?: string;
}

export interface Command {
  id: string;
  title: string;
  text: string;
  digest?: string | undefined;
  tail?: string | undefined;
}

export interface Term {
  term: string;
  text: string;
  href?: string | undefined;
  hash?: boolean;
  more?: string;
}

export interface Table {
  caption: string;
  columns: string[];
  rows: { head: string; code?: boolean; note?: string | undefined; cells: Omit<Term, "term">[] }[];
}

export function commands(id: string, lines: readonly CommandLine[]): Command[] {
  return lines.map(({ title, command }, at) => {
    const [, text = command, digest, tail] = /^(.*)(@sha256:[0-9a-f]{64})(.*)$/.exec(command) ?? [];
    return { id: `${id}-${at + 1}`, title, text, digest, tail };
  });
}

export const license = (expression: string): Omit<Term, "term"> => ({
  text: expression,
  href: spdxParts(expression)[0]?.href,
});
