import { exportsOf, formats } from "#ci/catalog/exports/index.ts";
import { newest } from "#ci/catalog/versions.ts";
import type { Built, Catalog, CatalogCard, CatalogVersion } from "#schema/catalog.ts";
import { extent } from "#viewers/array.ts";
import { bytes, count, seconds, words } from "#viewers/format.ts";
import { plot } from "#viewers/plot.ts";
import { bibtex, citation, citationTags, citationText } from "../../src/cite.ts";
import { cardFacts } from "../../src/format.ts";
import { groupBy } from "../../src/groups.ts";
import { readCatalog, readVersions } from "../../src/read-catalog.ts";
import { runCommands } from "../../src/run.ts";

/**
 * What the pages of the other generators show: the text of ours, section by section. Figures, plots and
 * citations come ready, so that templates are compared and not libraries; that is in the others' favour.
 */
export interface View {
  url: string;
  title: string;
  summary: string;
  meta?: { name: string; content: string }[];
  ld?: string;
  status?: string[];
  sections?: Section[];
  cards?: { title: string; url: string; task: string; summary: string; facts: string[] }[];
}

interface Section {
  id: string;
  title: string;
  note?: string;
  commands?: { title: string; command: string }[];
  samples?: {
    title: string;
    images: string[];
    labels: { label: string; percent: string }[];
    path: string;
  }[];
  prose?: string;
  tables?: { caption: string; columns: string[]; rows: string[][] }[];
  terms?: { term: string; text: string }[];
  items?: string[];
}

/** All views of the catalog in a folder. */
export function viewsOf(folder: string): View[] {
  const catalog = readCatalog(folder);
  const models = [...readVersions(folder).values()];
  return [...models.flatMap((versions) => modelViews(versions, catalog)), ...listViews(catalog)];
}

/** The newest version is at two addresses, its own and the model's, as on our site. */
function modelViews(versions: CatalogVersion[], { registry }: Catalog): View[] {
  return versions.flatMap((version) => {
    const { id, built } = version;
    if (!built) return [];
    const addresses = [`/models/${id}/${version.version}/`];
    if (version === newest(versions)) addresses.push(`/models/${id}/`);
    const view = modelView(version, built, registry);
    return addresses.map((url) => ({ url, ...view }));
  });
}

function modelView(
  version: CatalogVersion,
  built: Built,
  registry: Catalog["registry"],
): Omit<View, "url"> {
  const { id } = version;
  const { config } = built.record;
  const cite = citation(version, registry);
  return {
    title: config.title,
    summary: config.summary,
    meta: citationTags(cite),
    ld: (exportsOf(version, registry)["model.jsonld"] ?? "").replaceAll("<", "\\u003c"),
    status: [`Built`, `tested on ${Object.keys(built.record.image.platforms).join(" and ")}`],
    sections: [
      { id: "run", title: "Run", commands: runCommands(built.image, config.inputs) },
      { id: "glance", title: "At a glance", terms: glance(version) },
      ...shown(version),
      ...declared(version),
      ...stored(version),
      {
        id: "try",
        title: "Try it",
        note: "Start the image with this line. This page then asks the address below, and no other.",
        commands: [{ title: "Serve it", command: `docker run --rm -p 8080:8080 ${built.image}` }],
      },
      {
        id: "cite",
        title: "Cite",
        commands: [
          { title: "BibTeX", command: bibtex(cite) },
          { title: "Text", command: citationText(cite) },
        ],
        items: formats.map(({ file }) => `/api/v1/exports/${id}/${version.version}/${file}`),
      },
    ],
  };
}

function glance({ id, version, built }: CatalogVersion) {
  if (!built) return [];
  const { config, image, reports } = built.record;
  const [report] = reports;
  const json = `/api/v1/models/${id}/${version}.json`;
  return terms({
    architecture: config.model.architecture,
    framework: config.model.framework,
    parameters: count(config.weights.reduce((sum, { parameters = 0 }) => sum + parameters, 0)),
    ...(report && {
      download: bytes(image.platforms[report.platform]?.bytes ?? 0),
      prediction: seconds(report.predictSeconds),
      peakMemory: bytes(report.peakMemoryBytes),
    }),
    platforms: Object.keys(image.platforms).join(", "),
    license: config.licenses.weights,
    data: json,
    compare: `/compare/?ids=${id}`,
  });
}

type Parts = (version: CatalogVersion) => Section[];

/** Samples with their outputs, and what was measured. */
const shown: Parts = ({ built }) => {
  if (!built) return [];
  const { reports, image } = built.record;
  const samples = built.samples.map(({ title, inputs, outputs }) => {
    const [output] = outputs;
    const numbers = output?.type === "vector" ? ((output.prediction as number[][])[0] ?? []) : [];
    const labels = output?.type === "label_list" ? output.prediction : [];
    return {
      title,
      images: inputs.filter(({ kind }) => kind === "image").map(({ file }) => `/api/v1/${file}`),
      labels: (labels as { label: string; probability: number }[])
        .slice(0, 5)
        .map(({ label, probability }) => ({
          label,
          percent: `${(probability * 100).toFixed(1)} %`,
        })),
      path: numbers.length > 0 ? plot(numbers, 160, extent(numbers)).path : "",
    };
  });
  const rows = reports.map((report) => [
    report.platform,
    bytes(image.platforms[report.platform]?.bytes ?? 0),
    seconds(report.startSeconds),
    seconds(report.predictSeconds),
    bytes(report.peakMemoryBytes),
    `${report.samples.length} of ${report.samples.length} passed`,
  ]);
  const columns = ["Platform", "Download", "Start", "Prediction", "Peak memory", "Samples"];
  const items = reports.flatMap(({ platform, samples }) =>
    samples.flatMap(({ id, differences }) =>
      differences.map(({ output, message }) => `passed ${id}/${output} on ${platform}: ${message}`),
    ),
  );
  return [
    { id: "samples", title: "Samples", note: "What went in, and what the image gave.", samples },
    {
      id: "measured",
      title: "Measured",
      tables: [{ caption: "Measured on each platform", columns, rows }],
      items,
    },
  ];
};

/** What the author says. */
const declared: Parts = ({ built }) => {
  if (!built) return [];
  const { config } = built.record;
  const { description, authors, publications = [], inputs, outputs, evaluation = [], use } = config;
  const axes = (list: { name: string; size?: unknown }[] = []) =>
    list.map((axis) => `${axis.name} ${JSON.stringify(axis.size ?? "")}`).join(", ");
  const metrics = evaluation.flatMap(({ dataset, metrics: all }) =>
    all.map(({ name, value, unit = "" }) => [dataset, name, `${value} ${unit}`]),
  );
  return [
    ...(description ? [{ id: "about", title: "What it is", prose: description }] : []),
    {
      id: "people",
      title: "People",
      items: authors.map(({ given, family, affiliation }) =>
        [`${given} ${family}`, affiliation?.name ?? ""].join(" "),
      ),
    },
    {
      id: "publications",
      title: "Publications",
      items: publications.map(({ title, authors: by = "", year = "" }) => `${title} ${by} ${year}`),
    },
    {
      id: "tensors",
      title: "Inputs and outputs",
      tables: [
        {
          caption: "Inputs",
          columns: ["Name", "Reads", "Array", "Type and range"],
          rows: inputs.map((input) => [
            `${input.id} ${input.description ?? ""}`,
            input.mediaTypes.join(", "),
            axes(input.axes),
            `${input.dtype}`,
          ]),
        },
        {
          caption: "Outputs",
          columns: ["Name", "Gives", "Array", "Type and unit"],
          rows: outputs.map((output) => [
            `${output.id} ${output.description ?? ""}`,
            output.type,
            axes(output.axes ?? []),
            `${output.dtype ?? ""} ${output.unit ?? ""}`,
          ]),
        },
      ],
    },
    ...(metrics.length > 0
      ? [
          {
            id: "evaluation",
            title: "Performance",
            tables: [
              { caption: "Claimed", columns: ["Data set", "Metric", "Claimed"], rows: metrics },
            ],
          },
        ]
      : []),
    { id: "use", title: "Use", terms: terms(use ?? {}) },
    { id: "provenance", title: "Provenance", terms: terms(config.provenance ?? {}) },
    { id: "licences", title: "Licences", terms: terms(config.licenses) },
  ];
};

/** Files, digests and where all comes from. */
const stored: Parts = ({ built, source, entry, versions }) => {
  if (!built) return [];
  const { lock, record } = built;
  return [
    {
      id: "files",
      title: "Files and weights",
      tables: [
        {
          caption: "Weights",
          columns: ["File", "Size", "SHA-256"],
          rows: record.weights.map(({ file, bytes: size, sha256 }) => [file, bytes(size), sha256]),
        },
        {
          caption: "Files",
          columns: ["File", "Size", "SHA-256"],
          rows: record.files.map(({ path, bytes: size, sha256 }) => [path, bytes(size), sha256]),
        },
      ],
    },
    {
      id: "digests",
      title: "Digests",
      terms: terms({
        [lock.image.name]: lock.image.digest,
        ...lock.image.platforms,
        ...lock.stack,
        bundle: lock.bundle,
        record: lock.record,
      }),
    },
    {
      id: "source",
      title: "Source",
      terms: terms({ ...source, maintainers: entry.maintainers }),
    },
    { id: "versions", title: "Versions", items: versions },
  ];
};

const terms = (of: object): { term: string; text: string }[] =>
  Object.entries(of).map(([term, value]) => ({
    term: words(term),
    text: typeof value === "string" ? value : JSON.stringify(value),
  }));

const perPage = 48;

/** Every list that grows with the registry: all models by the page, tasks and people. */
function listViews({ models }: Catalog): View[] {
  const pages = Math.ceil(models.length / perPage);
  const all = Array.from({ length: pages }, (_, at) => ({
    url: at === 0 ? "/all/" : `/all/${at + 1}/`,
    title: `All models, page ${at + 1}`,
    cards: models.slice(at * perPage, (at + 1) * perPage),
  }));
  const groups = [
    ...groupBy(models, ({ task }) => (task ? [words(task)] : [])).map((group) => ({
      ...group,
      at: "tasks",
    })),
    ...groupBy(models, ({ authors }) => authors).map((group) => ({ ...group, at: "people" })),
  ].map(({ at, slug, name, cards }) => ({ url: `/${at}/${slug}/`, title: name, cards }));
  return [...all, ...groups].map(({ url, title, cards }) => ({
    url,
    title,
    summary: `${cards.length} models`,
    cards: cards.map(cardOf),
  }));
}

const cardOf = (card: CatalogCard) => ({
  title: card.title,
  url: `/models/${card.id}/`,
  task: card.task ? words(card.task) : "Model",
  summary: card.summary,
  facts: cardFacts(card),
});
