import { join } from "node:path";
import { readJson, sha256, writeFile, writeJson } from "#ci/files.ts";
import { root } from "#ci/home.ts";
import { pack } from "#ci/oci/added.ts";
import { findEntries } from "#ci/subject.ts";
import { workspace } from "#ci/workspace.ts";
import type { Lock } from "#schema/lock.ts";

/**
 * Writes a registry of so many models, each with a version whose lock stands for today's inputs, or is
 * what `edit` makes of it.
 */
export async function writeLockedRegistry(
  folder: string,
  count: number,
  images: string,
  edit: (lock: Lock) => Lock = (lock) => lock,
): Promise<void> {
  const instance = readJson(join(root, "registry", "registry.json")) as object;
  const added = exampleAdded();
  writeJson(join(folder, "registry.json"), { ...instance, images });
  for (let number = 0; number < count; number++) writeEntry(folder, number);
  for (const { id, version, key, contentKey, source } of await findEntries(
    [],
    workspace({ registry: folder }),
  )) {
    if (!source) continue;
    const { repository, revision } = source;
    const hash = "1".repeat(64);
    const digest = `sha256:${hash}`;
    const lock: Lock = {
      schemaVersion: "1",
      id,
      version,
      key,
      contentKey,
      source: { repository, revision, path: ".", configSha256: hash },
      image: {
        name: `${images}/models/${id}`,
        digest,
        platforms: { "linux/amd64": digest },
        added,
      },
      stack: { base: digest, runtime: digest, engine: digest },
      engineVersion: "1.0.0",
      weights: { weights: hash },
      bundle: digest,
      record: digest,
      attestations: { sbom: digest, provenance: digest, signature: digest },
    };
    writeJson(join(folder, "models", id, version, "lock.json"), edit(lock));
  }
}

/** The labels of an example model. */
export function exampleLabels(id: string): Record<string, string> {
  const config = readJson(join(root, "contrib-template/examples/silero-vad/modelhub.json"));
  return { "ai.modelhub.config": JSON.stringify(config), "ai.modelhub.id": id };
}

/** What a lock holds of what an image adds to its engine's: two layers and the labels of an example. */
function exampleAdded(): string {
  const mediaType = "application/vnd.oci.image.layer.v1.tar+gzip";
  const digests = ["weights", "source"].map((name) => `sha256:${sha256(name)}`);
  return pack({
    layers: digests.map((digest) => ({ mediaType, digest, size: 1_000_000 })),
    diffIds: digests.toReversed(),
    history: digests.map((digest) => ({ created_by: `COPY ${digest} /opt/modelhub/` })),
    labels: exampleLabels("example"),
  });
}

function writeEntry(folder: string, number: number): void {
  const [id, revision] = [`model-${number}`, number.toString(16).padStart(40, "0")];
  const repository = `https://git.example.org/${id}`;
  const model = join(folder, "models", id);
  // As people's editors lay it out, which is not as we do.
  const maintainers = '"maintainers": [{ "github": "someone" }]';
  const entry = `{\n  "schemaVersion": "1",\n  "title": "${id}",\n  "repository": "${repository}",\n  ${maintainers}\n}\n`;
  writeFile(join(model, "model.json"), entry);
  writeJson(join(model, "1.0.0", "source.json"), { schemaVersion: "1", repository, revision });
}
