import type { Heading, Nodes } from "mdast";
import { markdownToMdast } from "satteri";

/**
 * A contributor's Markdown as HTML. The text is hostile until shown otherwise, so only the nodes
 * named here become elements; all else, raw HTML and pictures included, is shown as the text it is.
 */
export function markdown(source: string): string {
  const root = markdownToMdast(source) as Nodes;
  levelHeadings(root);
  return html(root);
}

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

function html(node: Nodes): string {
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
      return node.type === "table" ? table(node) : children(node);
    default:
      return "";
  }
}

function children(node: { children: Nodes[] }): string {
  return node.children.map(html).join("");
}

function table(node: Extract<Nodes, { type: "table" }>): string {
  const [head, ...body] = node.children;
  const row = (tag: string, cells: Nodes[]) =>
    `<tr>${cells.map((cell) => `<${tag}>${html(cell)}</${tag}>`).join("")}</tr>`;
  return `<div class="scroll" tabindex="0"><table><thead>${row("th", head?.children ?? [])}</thead><tbody>${body
    .map(({ children: cells }) => row("td", cells))
    .join("")}</tbody></table></div>`;
}

function anchor(url: string, text: string): string {
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
