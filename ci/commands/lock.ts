import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Lock } from "#schema/lock.ts";
import { Record as ModelRecord } from "#schema/record.ts";
import { OursError } from "../errors.ts";
import { toJson, writeFile } from "../files.ts";
import { engineVersion } from "../images/engine.ts";
import type { BuiltImage } from "../images/level.ts";
import { resolveDigest } from "../images/oci.ts";
import { addedBy } from "../images/restacked.ts";
import { variantsOf } from "../platforms.ts";
import { fetchRecord } from "../records.ts";
import { requireStage, type StageFile } from "../stage-files.ts";
import type { FetchedSubject, Subject } from "../subject.ts";
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
  const image = await lockImage(
    subject,
    published.image,
    { ...record.image, digest },
    built.images.engine,
  );
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
    image,
    stack: {
      base: built.images.base.digest,
      runtime: built.images.runtime.digest,
      engine: built.images.engine.digest,
    },
    ...(record.variants && {
      variants: await lockVariants(subject, published.image, record.variants),
    }),
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

async function lockVariants(
  subject: FetchedSubject,
  name: string,
  recorded: NonNullable<ModelRecord["variants"]>,
): Promise<NonNullable<Lock["variants"]>> {
  const locked: NonNullable<Lock["variants"]> = {};
  for (const one of variantsOf(subject)) {
    const image = recorded[one.variant]?.image;
    if (!image) throw new OursError(`the record of ${subject.id} has no ${one.variant}`);
    const { runtime, engine } = requireStage("build", one).images;
    const { name: _, ...own } = await lockImage(one, name, image, engine);
    locked[one.variant] = { ...own, runtime: runtime.digest, engine: engine.digest };
  }
  return locked;
}

async function lockImage(
  { instance, lock }: Subject,
  name: string,
  { digest, platforms, unbuilt }: ModelRecord["image"],
  engine: BuiltImage,
): Promise<Lock["image"]> {
  const pairs = Object.entries(platforms).map(([platform, { digest }]) => [platform, digest]);
  const image = { name, digest, platforms: Object.fromEntries(pairs), ...(unbuilt && { unbuilt }) };
  // What it added before it mostly adds still, and then nothing needs to be read.
  const before = { ...image, added: lock?.image.added };
  return { ...image, ...(await addedBy(instance.images, before, engine)) };
}
