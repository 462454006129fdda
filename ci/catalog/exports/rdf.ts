import { type Described, isOneLicense, workUrl } from "./described.ts";

/**
 * BioImage.IO's resource description, format 0.3 of its generic kind: its `model` kind asks for weights
 * that its own runners load and for test tensors beside the file, and ours run from an image.
 */
export function rdf(model: Described): object {
  const { config, built, publication, url, source } = model;
  const license = config.licenses.weights;
  return {
    format_version: "0.3.0",
    type: "generic",
    id: model.id,
    name: nameOf(config.title),
    description: config.summary,
    version: model.version,
    authors: config.authors.map(person),
    ...(config.packagers && { packaged_by: config.packagers.map(person) }),
    cite:
      publication && workUrl(publication)
        ? [
            {
              text: [publication.authors, publication.title, publication.year]
                .filter((part) => part !== undefined)
                .join(". "),
              url: workUrl(publication),
            },
          ]
        : [{ text: `${config.title} ${model.version}`, url }],
    ...(isOneLicense(license) && { license }),
    git_repo: source.repository,
    tags: [config.task, ...(config.tags ?? [])],
    config: {
      modelhub: {
        url,
        image: built.image,
        revision: source.revision,
        weights: built.record.weights,
        inputs: config.inputs,
        outputs: config.outputs,
      },
    },
  };
}

/** The format takes names of these characters alone, five or more of them. */
function nameOf(title: string): string {
  const name = title
    .replace(/[^\w+\- ()]/g, " ")
    .replace(/ +/g, " ")
    .trim()
    .slice(0, 128);
  return name.length < 5 ? `${name} model` : name;
}

function person({ given, family, orcid, affiliation }: Described["config"]["authors"][number]) {
  return {
    name: `${given} ${family}`.replace(/[/\\]/g, " "),
    ...(affiliation && { affiliation: affiliation.name }),
    ...(orcid && { orcid }),
  };
}
