import type { Heading, Nodes } from "mdast";
import { markdownToMdast } from "satteri";

/**
 * A contributor's Markdown as HTML. The text is hostile until shown otherwise, so only the nodes
 * named here become elements; all else, raw HTML and pictures included, is shown as the text it is.
 */
export function markdown(source: string): string {
  const root = markdownToMdast(source) as Nodes;
  levelHeadings(root);
  return html(root, safeAnchor);
}

/** A part of our own text as HTML; `addressOf` says where a link leads. */
export function ownMarkdown(node: Nodes, addressOf: (url: string) => string): string {
  return html(node, (url, text) => `<a href="${escapeHtml(addressOf(url))}">${text}</a>`);
}

/** The text of a node without its marks. */
export function textOf(node: Nodes): string {
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map(textOf).join("") : "";
}

type Anchor = (url: string, text: string) => string;

/** Headings stand below the page's own, and none skips a level: who reads by headings misses nothing. */
function levelHeadings(root: Nodes): void {
  const headings = headingsOf(root);
  const highest = Math.min(...headings.map(({ depth }) => depth));
  let previous = 2;
  for (const heading of headings) {
    previous = Math.min(heading.depth - highest + 3, previous + 1, 6);
    heading.depth = previous as Heading["depth"];
  }
}

function headingsOf(node: Nodes): Heading[] {
  if (node.type === "heading") return [node];
  return "children" in node ? node.children.flatMap(headingsOf) : [];
}

function html(node: Nodes, anchor: Anchor): string {
  const children = (parent: { children: Nodes[] }) =>
    parent.children.map((child) => html(child, anchor)).join("");
  switch (node.type) {
    case "text":
      return escapeHtml(node.value);
    case "html":
      return escapeHtml(node.value);
    case "inlineCode":
      return `<code>${escapeHtml(node.value)}</code>`;
    case "code":
      return `<pre tabindex="0"><code>${escapeHtml(node.value)}</code></pre>`;
    case "break":
      return "<br>";
    case "thematicBreak":
      return "<hr>";
    case "image":
      return escapeHtml(node.alt ?? "");
    case "emphasis":
      return `<em>${children(node)}</em>`;
    case "strong":
      return `<strong>${children(node)}</strong>`;
    case "delete":
      return `<del>${children(node)}</del>`;
    case "paragraph":
      return `<p>${children(node)}</p>`;
    case "blockquote":
      return `<blockquote>${children(node)}</blockquote>`;
    case "heading":
      return `<h${node.depth}>${children(node)}</h${node.depth}>`;
    case "list":
      return node.ordered ? `<ol>${children(node)}</ol>` : `<ul>${children(node)}</ul>`;
    case "listItem":
      return `<li>${children(node)}</li>`;
    case "link":
      return anchor(node.url, children(node));
    case "root":
    case "linkReference":
    case "table":
    case "tableRow":
    case "tableCell":
      return node.type === "table" ? table(node, anchor) : children(node);
    default:
      return "";
  }
}

function table(node: Extract<Nodes, { type: "table" }>, anchor: Anchor): string {
  const [head, ...body] = node.children;
  const row = (tag: string, cells: Nodes[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${html(cell, anchor)}</${tag}>`).join("")}</tr>`;
  return `<div class="scroll" tabindex="0"><table><thead>${row("th", head?.children ?? [])}</thead><tbody>${body
    .map(({ children: cells }) => row("td", cells))
    .join("")}</tbody></table></div>`;
}

function safeAnchor(url: string, text: string): string {
  return /^https:\/\/[^\s<>"]+$/.test(url)
    ? `<a href="${escapeHtml(url)}" rel="noopener nofollow">${text}</a>`
    : text;
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
