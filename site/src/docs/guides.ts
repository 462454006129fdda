import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path/posix";
import type { Nodes, Root } from "mdast";
import { markdownToMdast } from "satteri";
import { slugOf } from "../groups.ts";
import { link } from "../links.ts";
import { ownMarkdown, textOf } from "../markdown.ts";
import { checkout } from "./checkout.ts";

/** A guide: a Markdown file of the repository, as a page. */
export interface Guide {
  slug: string;
  title: string;
  summary: string;
  /** The file, from the top of the repository. */
  file: string;
  /** The part of the file that is shown, by its heading. Default: all of it. */
  section?: string;
}

export const guides: readonly Guide[] = [
  {
    slug: "use",
    title: "Use a model",
    summary: "Docker, Apptainer, Kubernetes, curl, Python; one file, a folder, a cluster.",
    file: "site/docs/use.md",
  },
  {
    slug: "contribute",
    title: "Contribute a model",
    summary: "From a copy of the template to a registered version, step by step.",
    file: "contrib-template/README.md",
  },
  {
    slug: "measure",
    title: "Measure a model",
    summary: "Labelled data of your own, a share with its interval, the claim beside it.",
    file: "site/docs/measure.md",
  },
  {
    slug: "cite",
    title: "Cite a model",
    summary: "What to write, so that others find the very bytes that you ran.",
    file: "site/docs/cite.md",
  },
  {
    slug: "trust",
    title: "How trust works",
    summary: "What is pinned, tested and signed, and what none of it says.",
    file: "site/docs/trust.md",
  },
  {
    slug: "fork",
    title: "A registry of your own",
    summary: "For an institute, a course, or a network without internet.",
    file: "site/docs/fork.md",
  },
  {
    slug: "words",
    title: "What the words mean",
    summary: "One word for each thing.",
    file: "CONTRIBUTING.md",
    section: "Glossary",
  },
];

/** A piece of a page: what is read, or what is typed. */
export type Block = { html: string } | { code: string; isTyped: boolean };

/**
 * A guide's text in pieces. Links between guides lead to their pages, all others into `repository`.
 */
export function readGuide({ file, section }: Guide, repository: string): Block[] {
  const root = markdownToMdast(readFileSync(join(checkout(), file), "utf8")) as Root;
  const addressOf = (url: string) => addressFrom(file, url, repository);
  return partOf(root.children, section).map((node) =>
    node.type === "code" ? codeBlock(node) : { html: blockHtml(node, addressOf) },
  );
}

/** Without the title, which the page has itself; or what stands below one heading. */
function partOf(nodes: Root["children"], section: string | undefined): Root["children"] {
  if (section === undefined) return nodes.filter((node) => !isHeading(node, 1));
  const start = nodes.findIndex((node) => node.type === "heading" && textOf(node) === section);
  if (start < 0) throw new Error(`expected a heading “${section}”, got none`);
  const rest = nodes.slice(start + 1);
  const end = rest.findIndex((node) => isHeading(node, 2));
  return end < 0 ? rest : rest.slice(0, end);
}

const isHeading = (node: Nodes, depth: number) => node.type === "heading" && node.depth === depth;

function codeBlock({ value, lang }: Extract<Nodes, { type: "code" }>): Block {
  return { code: value, isTyped: lang === "sh" || lang === "python" };
}

function blockHtml(node: Nodes, addressOf: (url: string) => string): string {
  const html = ownMarkdown(node, addressOf);
  return node.type === "heading" ? html.replace(">", ` id="${slugOf(textOf(node))}">`) : html;
}

function addressFrom(file: string, url: string, repository: string): string {
  if (/^(https?:|#)/.test(url)) return url;
  const [path = "", fragment] = url.split("#");
  const target = normalize(join(dirname(file), path)).replace(/\/$/, "");
  const guide = guides.find(
    (one) => one.file === target && (!one.section || slugOf(one.section) === fragment),
  );
  if (guide?.section) return link(`docs/${guide.slug}/`);
  const anchor = fragment === undefined ? "" : `#${fragment}`;
  return guide
    ? `${link(`docs/${guide.slug}/`)}${anchor}`
    : `${repository}/tree/HEAD/${target}${anchor}`;
}
