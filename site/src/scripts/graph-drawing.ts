import type { CatalogVersion } from "#schema/catalog.ts";
import type { NetworkGraph } from "#schema/network.ts";
import { element, scrolling, svg } from "#viewers/dom.ts";
import { count, plural } from "#viewers/format.ts";
import { type Alignment, align, type PlacedNode } from "../graph-difference.ts";

const columnWidth = 260;
const boxLeft = 60;
const boxWidth = 190;
const boxHeight = 20;
const rowHeight = 28;

interface Drawn {
  title: string;
  graph: NetworkGraph;
}

/** The models' graphs side by side, with what they don't share marked; nothing for fewer than two. */
export function graphDrawing(models: readonly CatalogVersion[]): HTMLElement | undefined {
  const drawn = models.flatMap(graphsOf);
  if (drawn.length < 2) return undefined;
  const alignment = align(drawn.map(({ graph }) => graph));
  const width = drawn.length * columnWidth;
  const height = (alignment.rows + 1) * rowHeight;
  const picture = svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "aria-label": words(drawn, alignment),
    },
    ...drawn.map((one, at) => column(one, alignment.columns[at] ?? [], at)),
  );
  const note = `${words(drawn, alignment)} Read from top to bottom. ≠ and a thick edge: not in all of them; ≈ and a broken edge: in all, with other weights.`;
  return element(
    "section",
    { className: "graphs" },
    element("h2", {}, "Graphs side by side"),
    element("p", { className: "more" }, note),
    scrolling(element("div", {}, picture), "Graphs side by side"),
  );
}

function graphsOf({ entry, built }: CatalogVersion): Drawn[] {
  const weights = built?.record.weights ?? [];
  return weights.flatMap(({ file, network }) => {
    if (!network?.graph) return [];
    return {
      title: weights.length > 1 ? `${entry.title}: ${file}` : entry.title,
      graph: network.graph,
    };
  });
}

function words(drawn: readonly Drawn[], { columns }: Alignment): string {
  const parts = drawn.map(({ title }, at) => {
    const nodes = columns[at] ?? [];
    const other = nodes.filter(({ beside }) => beside === "other").length;
    return `${title} has ${plural(nodes.length, "operator")}, ${count(other)} of them not in all`;
  });
  return `${parts.join("; ")}.`;
}

function column({ title, graph }: Drawn, nodes: readonly PlacedNode[], at: number): SVGElement {
  return svg(
    "g",
    { transform: `translate(${at * columnWidth} 0)` },
    svg("text", { x: boxLeft, y: 18, class: "graph-title" }, shortened(title, 26)),
    ...graph.edges.map(([from, to]) => edge(nodes[from]?.row ?? 0, nodes[to]?.row ?? 0)),
    ...nodes.map(box),
  );
}

const top = (row: number): number => (row + 1) * rowHeight;

const marks = { same: "", resized: "≈ ", other: "≠ " };

function box({ operator, parameters, row, beside }: PlacedNode): SVGElement {
  const y = top(row);
  return svg(
    "g",
    { class: beside },
    svg("rect", { x: boxLeft, y, width: boxWidth, height: boxHeight, rx: 3 }),
    svg("text", { x: boxLeft + 8, y: y + 14 }, marks[beside] + shortened(operator, 18)),
    parameters > 0
      ? svg(
          "text",
          { x: boxLeft + boxWidth - 8, y: y + 14, class: "graph-count" },
          count(parameters),
        )
      : undefined,
  );
}

/** A line to the next box, or a bow at the left around those between. */
function edge(from: number, to: number): SVGElement {
  const [start, end] = [top(from) + boxHeight, top(to)];
  if (to - from === 1)
    return svg("path", { d: `M${boxLeft + boxWidth / 2} ${start}V${end}`, class: "edge" });
  const reach = boxLeft - Math.min(56, 8 + 10 * Math.log2(to - from));
  const [y1, y2] = [start - boxHeight / 2, end + boxHeight / 2];
  return svg("path", {
    d: `M${boxLeft} ${y1}C${reach} ${y1} ${reach} ${y1} ${reach} ${y1 + rowHeight / 2}V${y2 - rowHeight / 2}C${reach} ${y2} ${reach} ${y2} ${boxLeft} ${y2}`,
    class: "edge",
  });
}

const shortened = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;
