import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Lock } from "#schema/lock.ts";
import { Record as ModelRecord } from "#schema/record.ts";
import { OursError } from "../errors.ts";
import { toJson, writeFile } from "../files.ts";
import { engineVersion } from "../images/engine.ts";
import { resolveDigest } from "../images/oci.ts";
import { fetchRecord } from "../records.ts";
import type { StageFile } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import type { Workspace } from "../workspace.ts";

/** Writes lock.json from what the registry holds, each digest looked up again. Returns the lock. */
export async function lock(
  subject: FetchedSubject,
  built: StageFile<"build">,
  published: StageFile<"publish">,
  at: Workspace,
): Promise<Lock> {
  const { source } = subject;
  if (!source) throw new OursError(`${subject.id} is no entry of the registry`);
  const { digest, bundle, record: recordDigest, attestations } = published;
  for (const part of [digest, bundle, recordDigest, ...Object.values(attestations)]) {
    const reference = `${published.image}@${part}`;
    if (!(await resolveDigest(reference)))
      throw new OursError(`${reference} is not in the registry`);
  }
  const record = ModelRecord.parse((await fetchRecord(published.image, recordDigest)).record);
  const platforms = Object.entries(record.image.platforms).map(([name, { digest }]) => [
    name,
    digest,
  ]);
  const content = Lock.parse({
    schemaVersion: "1",
    id: subject.id,
    version: subject.version,
    key: subject.key,
    contentKey: subject.contentKey,
    source: {
      repository: source.repository,
      revision: source.revision,
      path: source.path ?? ".",
      configSha256: subject.configSha256,
    },
    image: {
      name: published.image,
      digest,
      platforms: Object.fromEntries(platforms),
    },
    stack: {
      base: built.images.base.digest,
      runtime: built.images.runtime.digest,
      engine: built.images.engine.digest,
    },
    engineVersion,
    weights: Object.fromEntries(record.weights.map(({ id, sha256 }) => [id, sha256])),
    bundle,
    record: recordDigest,
    attestations,
  } satisfies Lock);
  const file = join(at.registry, "models", subject.id, subject.version, "lock.json");
  const text = toJson(content);
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFile(file, text);
  return content;
}
