import type { Built } from "#schema/catalog.ts";
import { plural, words } from "#viewers/format.ts";
import { axes } from "../../src/axes.ts";
import { slugOf } from "../../src/groups.ts";
import { networkCharts, networkFacts } from "../../src/network-facts.ts";
import type { Block, Section } from "./blocks.ts";

/** What the author says. */
export function declared({ record }: Built): Section[] {
  const { config } = record;
  const { description, authors, packagers = [], publications = [], inputs, outputs } = config;
  const people = (list: typeof authors) =>
    list.map(({ given, family, orcid, affiliation }) => ({
      name: `${given} ${family}`,
      page: `/people/${slugOf(`${given} ${family}`)}/`,
      orcid,
      affiliation: affiliation?.name,
    }));
  return [
    ...(description
      ? [{ id: "about", title: "What it is", blocks: [{ prose: description }] }]
      : []),
    {
      id: "people",
      title: "People",
      blocks: [
        { people: people(authors) },
        ...(packagers.length > 0 ? [{ title: "Packaged by", people: people(packagers) }] : []),
      ],
    },
    ...(publications.length > 0
      ? [
          {
            id: "publications",
            title: "Publication",
            blocks: [
              {
                works: publications.map(
                  ({ title, authors: by, venue, year, arxiv, doi, abstract }) => ({
                    title,
                    authors: by,
                    where: [venue, year].filter(Boolean).join(", "),
                    href: arxiv
                      ? `https://arxiv.org/abs/${arxiv}`
                      : doi && `https://doi.org/${doi}`,
                    text: arxiv ? `arXiv:${arxiv}` : `doi:${doi}`,
                    abstract,
                  }),
                ),
              },
            ],
          },
        ]
      : []),
    {
      id: "tensors",
      title: "Inputs and outputs",
      blocks: [
        {
          table: {
            caption: "Inputs",
            columns: ["Name", "Reads", "Array", "Type and range"],
            rows: inputs.map((input) => ({
              head: input.id,
              code: true,
              note: input.description,
              cells: [
                { text: input.mediaTypes.join(", ") },
                { text: axes(input.axes) },
                {
                  text: `${input.dtype}${input.range ? `, ${input.range.min} to ${input.range.max}` : ""}`,
                },
              ],
            })),
          },
        },
        {
          table: {
            caption: "Outputs",
            columns: ["Name", "Gives", "Array", "Type and unit"],
            rows: outputs.map((output) => ({
              head: output.id,
              code: true,
              note: output.description,
              cells: [
                { text: words(output.type) },
                { text: output.axes ? axes(output.axes) : "–" },
                { text: [output.dtype, output.unit].filter(Boolean).join(", ") || "–" },
              ],
            })),
          },
        },
      ],
    },
    ...networkSection(record.weights),
  ];
}

const shownBars = 8;

function networkSection(weights: Built["record"]["weights"]): Section[] {
  const read = weights.filter(({ network, unread }) => network ?? unread);
  if (read.length === 0) return [];
  return [
    {
      id: "network",
      title: "Network",
      note: "Read out of the published weights, without running them. Running means of normalisers count as parameters, so the sum may be larger than the author's.",
      blocks: read.flatMap(({ file, network, unread }): Block[] => {
        if (!network) return [{ kind: "notice", text: `${file}: ${unread}` }];
        const facts = networkFacts(network).map(({ name, value }) => ({ term: name, text: value }));
        const charts = networkCharts(network).map(({ title, items }) => {
          const most = Math.max(1, ...items.map(({ value }) => value));
          const rest = items.slice(shownBars);
          return {
            title,
            bars: items.slice(0, shownBars).map(({ name, value, text }) => ({
              label: name,
              value: text,
              width: ((value / most) * 100).toFixed(1),
            })),
            ...(rest.length > 0 && {
              rest: plural(rest.length, "more kind"),
              more: rest.map(({ name, text }) => `${name} ${text}`).join(", "),
            }),
          };
        });
        return [{ terms: facts }, ...charts];
      }),
    },
  ];
}
