import type { Described } from "./described.ts";
import { isOneLicense, workUrl } from "./described.ts";
import { yaml } from "./yaml.ts";

/** The pipeline tags that Hugging Face has for our tasks. */
const pipelineTags: { [task: string]: string } = {
  "image-classification": "image-classification",
  "object-detection": "object-detection",
  "keypoint-detection": "keypoint-detection",
  segmentation: "image-segmentation",
  "image-to-image": "image-to-image",
  "audio-classification": "audio-classification",
  "voice-activity-detection": "voice-activity-detection",
  "text-classification": "text-classification",
  embedding: "feature-extraction",
};

/** A model card as Hugging Face reads it: metadata in front, then what a reader should know. */
export function modelCard(model: Described): string {
  const { config, built, publication } = model;
  const parts = [
    `---\n${yaml(metadata(model))}---`,
    `# ${plain(config.title)}`,
    plain(config.summary),
    `## Run\n\n\`\`\`sh\ndocker run --rm -p 8080:8080 ${built.image}\n\`\`\`\n\nSamples, measurements and files: <${model.url}>`,
    config.description && `## What it is\n\n${config.description}`,
    config.use && `## Intended use\n\n${use(config.use)}`,
    config.evaluation?.length && `## Claimed performance\n\n${claims(config.evaluation)}`,
    `## Licences\n\nCode ${config.licenses.code}, weights ${config.licenses.weights}, sample data ${config.licenses.sampleData}.`,
    publication &&
      `## Cite\n\n${[publication.authors, publication.title, publication.year, workUrl(publication)]
        .filter((part) => part !== undefined)
        .map((part) => plain(String(part)))
        .join(". ")}`,
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

function metadata({ config, id }: Described): object {
  const license = config.licenses.weights;
  const pipeline = pipelineTags[config.task];
  return {
    ...(isOneLicense(license)
      ? { license: license.toLowerCase() }
      : { license: "other", license_name: license.toLowerCase().replaceAll(/[^a-z0-9.]+/g, "-") }),
    ...(pipeline && { pipeline_tag: pipeline }),
    library_name: "modelhub",
    tags: [config.task, ...(config.tags ?? [])],
    "model-index": config.evaluation?.length
      ? [{ name: id, results: config.evaluation.map((set) => result(config.task, set)) }]
      : undefined,
  };
}

type Evaluation = NonNullable<Described["config"]["evaluation"]>;

function result(task: string, { dataset, metrics }: Evaluation[number]): object {
  return {
    task: { type: pipelineTags[task] ?? task },
    dataset: { name: dataset, type: slug(dataset) },
    metrics: metrics.map(({ name, value }) => ({ type: slug(name), name, value, verified: false })),
  };
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");

function claims(evaluation: Evaluation): string {
  const rows = evaluation.flatMap(({ dataset, metrics }) =>
    metrics.map(({ name, value, unit = "" }) => [dataset, name, `${value} ${unit}`.trim()]),
  );
  const lines = [["Data set", "Metric", "Value"], ["---", "---", "---"], ...rows];
  return lines.map((cells) => `| ${cells.map((cell) => plain(cell)).join(" | ")} |`).join("\n");
}

function use({ intended, outOfScope, limitations }: NonNullable<Described["config"]["use"]>) {
  return [intended, outOfScope && `Not for: ${outOfScope}`, limitations && `Limits: ${limitations}`]
    .filter(Boolean)
    .join("\n\n");
}

/** A line of text that stays one: no markup of its own, no cell's end. */
const plain = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/^---$/g, "–")
    .replaceAll(/[<|[\]`*_\\]/g, "\\$&");
