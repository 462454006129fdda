import { browserLack } from "#ci/catalog/browser.ts";
import { cardFrame } from "#ci/catalog/embed.ts";
import { describedOf } from "#ci/catalog/exports/described.ts";
import { formats } from "#ci/catalog/exports/index.ts";
import { modelLd } from "#ci/catalog/exports/model-ld.ts";
import type { Built, Catalog, CatalogVersion } from "#schema/catalog.ts";
import { bytes, count, seconds, words } from "#viewers/format.ts";
import { checklist } from "../../src/checklist.ts";
import { bibtex, citation, citationTags, citationText } from "../../src/cite.ts";
import { contentPolicy } from "../../src/content-policy.ts";
import { shortDigest } from "../../src/format.ts";
import { slugOf } from "../../src/groups.ts";
import { mainReport } from "../../src/main-report.ts";
import { runCommands } from "../../src/run.ts";
import { trying } from "../../src/try-policy.ts";
import { type Command, commands, license, type Section, type Term } from "./blocks.ts";
import { declared } from "./declared-view.ts";
import { measured } from "./measured-view.ts";
import { sampleView } from "./sample-view.ts";
import { stored } from "./stored-view.ts";
import { use } from "./use-view.ts";

/** A model's page, for templates that only lay out what they are given. */
export interface ModelView {
  title: string;
  heading: string;
  version: string;
  summary: string;
  policy: string;
  head: {
    cite: string;
    meta: { name: string; content: string }[];
    json: string;
    feed: string;
    oembed: string;
    ld: string;
  };
  overline: { text: string; href?: string }[];
  steps: { text: string; href?: string | undefined }[];
  tested: string;
  verdict: string;
  digest: string;
  short: string;
  notice?: string;
  run: { usual: Command[]; others: Command[] };
  glance: Term[];
  sections: Section[];
}

/** What most people come for, as FirstSteps.astro has it. */
function stepsOf({ version }: CatalogVersion, { record }: Built): ModelView["steps"] {
  const { weights } = record.config.licenses;
  return [
    { text: "Run", href: "#run" },
    { text: "Try it", href: "#try" },
    { text: `Cite ${version}`, href: "#cite" },
    { text: `${bytes(mainReport(record)?.downloadBytes ?? 0)} to download` },
    { text: `weights ${weights}`, href: license(weights).href },
  ];
}

/** What our page shows of a built version. */
export function modelView(
  version: CatalogVersion,
  built: Built,
  registry: Catalog["registry"],
  folder: string,
): ModelView {
  const { id } = version;
  const { config, image } = built.record;
  const cite = citation(version, registry);
  const lines = runCommands(id, built.image, config.inputs);
  const { samples } = config;
  return {
    title: `${config.title} ${version.version}`,
    heading: config.title,
    version: version.version,
    summary: config.summary,
    policy: contentPolicy(trying(built)),
    head: {
      cite: cite.url,
      meta: citationTags(cite),
      json: `/api/v1/models/${id}/${version.version}.json`,
      feed: `/api/v1/feeds/${id}.xml`,
      oembed: `${registry.site}api/v1/oembed/${id}.json`,
      ld: linkedData(version, registry),
    },
    overline: [
      { text: "Models", href: "/#models" },
      { text: words(config.task), href: `/tasks/${slugOf(words(config.task))}/` },
      ...(config.domain ? [{ text: words(config.domain) }] : []),
    ],
    steps: stepsOf(version, built),
    tested: `tested on ${Object.keys(image.platforms).join(" and ")}`,
    verdict:
      samples.length === 1 ? "its sample reproduced" : `all ${samples.length} samples reproduced`,
    digest: built.lock.image.digest,
    short: shortDigest(built.lock.image.digest),
    ...(version.entry.status?.state === "deprecated" && { notice: version.entry.status.reason }),
    run: { usual: commands("run", lines.usual), others: commands("run-other", lines.others) },
    glance: glance(version, built),
    sections: [
      ...shown(version, built, folder),
      ...declared(built),
      ...measured(built),
      ...use(config, checklist(version, built, 0)),
      ...stored(version, built, registry),
      {
        id: "cite",
        title: "Cite",
        blocks: [
          {
            commands: commands("cite", [
              { title: "BibTeX", command: bibtex(cite) },
              { title: "Text", command: citationText(cite) },
            ]),
          },
          {
            summary: "Show it on another page",
            commands: commands("embed", [
              { title: "Card", command: cardFrame({ id, title: config.title }, registry) },
            ]),
          },
          {
            title: "For other systems:",
            links: formats.map(({ file, title }) => ({
              text: title,
              href: `/api/v1/exports/${id}/${version.version}/${file}`,
            })),
          },
        ],
      },
    ],
  };
}

function linkedData(version: CatalogVersion, registry: Catalog["registry"]): string {
  const model = describedOf(version, registry);
  return model ? JSON.stringify(modelLd(model)).replaceAll("<", "\\u003c") : "";
}

function glance({ id, version }: CatalogVersion, { record }: Built): Term[] {
  const { config, image, reports } = record;
  const report = reports.find(({ emulated }) => !emulated) ?? reports[0];
  const parameters = config.weights.reduce((sum, { parameters = 0 }) => sum + parameters, 0);
  return [
    { term: "Architecture", text: config.model.architecture },
    { term: "Framework", text: config.model.framework },
    { term: "Parameters", text: count(parameters) },
    ...(report
      ? [
          { term: "Download", text: bytes(image.platforms[report.platform]?.bytes ?? 0) },
          { term: "Prediction", text: seconds(report.predictSeconds) },
          { term: "Peak memory", text: bytes(report.peakMemoryBytes) },
        ]
      : []),
    { term: "Platforms", text: Object.keys(image.platforms).join(", ") },
    { term: "Licence of weights", ...license(config.licenses.weights) },
    {
      term: "Data",
      text: "this version as JSON",
      href: `/api/v1/models/${id}/${version}.json`,
    },
    { term: "Compare", text: "with another model", href: `/compare/?ids=${id}` },
    { term: "Citation", text: "BibTeX and text", href: "#cite" },
  ];
}

/** Samples with their outputs, and the way to try it. */
function shown({ id, version }: CatalogVersion, built: Built, folder: string): Section[] {
  const { record, samples, image } = built;
  const serve = `docker run --rm -p 127.0.0.1:8080:8080 -e MODELHUB_CORS=http://localhost ${image}`;
  const [command] = commands("try", [{ title: "Serve it for this page", command: serve }]);
  return [
    {
      id: "samples",
      title: "Samples",
      note: "What went in, and what the image gave when it was tested.",
      blocks: samples.map((sample) => ({
        sample: sampleView(sample, record.config.outputs, folder),
      })),
    },
    {
      id: "try",
      title: "Try it",
      note: `A browser can't run this model by itself: ${browserLack(record)}. It runs on your own machine, and this page shows what it gives.`,
      blocks: command ? [{ try: { data: `/api/v1/models/${id}/${version}.json`, command } }] : [],
    },
  ];
}
