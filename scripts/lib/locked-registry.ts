import { join } from "node:path";
import { readJson, writeFile, writeJson } from "#ci/files.ts";
import { root } from "#ci/home.ts";
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
      image: { name: `${images}/models/${id}`, digest, platforms: { "linux/amd64": digest } },
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
