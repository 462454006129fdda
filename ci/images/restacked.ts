import type { Lock } from "#schema/lock.ts";
import { pack } from "../oci/added.ts";
import { EngineImage, restack } from "../oci/restack.ts";
import { readOnEngine } from "../oci/whole-image.ts";
import type { Subject } from "../subject.ts";
import { type BuiltImage, type Level, tagOf } from "./level.ts";
import { clientOf, splitName } from "./oci.ts";

/**
 * The published image of a version on the new engine, where nothing else has changed since its lock;
 * undefined where it has to be built. Either way gives the same bytes.
 */
export async function restacked(
  { name, key }: Pick<Level, "name" | "key">,
  { instance, lock, contentKey }: Subject,
  runtime: BuiltImage,
  engine: BuiltImage,
): Promise<BuiltImage | undefined> {
  const published = `${instance.images}/${name}`;
  const { host, repository } = splitName(published);
  const isSwap =
    lock?.contentKey === contentKey &&
    lock.image.name === published &&
    lock.stack.runtime === runtime.digest &&
    splitName(engine.name).host === host;
  if (!isSwap) return undefined;
  const started = performance.now();
  const tag = tagOf(key);
  const digest = await restack(
    clientOf(host),
    { ...lock.image, repository },
    await readEngine(`${instance.images}/engine`, lock.stack.engine),
    await readEngine(engine.name, engine.digest),
    [tag],
  );
  return { name: published, tag, digest, seconds: (performance.now() - started) / 1000 };
}

/** What a published image adds to its engine's, as its lock holds it; nothing where its platforms differ by more. */
export async function addedBy(
  images: string,
  { name, ...image }: Lock["image"],
  engine: Pick<BuiltImage, "digest">,
): Promise<Pick<Lock["image"], "added">> {
  const { host, repository } = splitName(name);
  const { whole } = await readEngine(`${images}/engine`, engine.digest);
  const { added } = await readOnEngine(clientOf(host), { ...image, repository }, whole);
  return added ? { added: pack(added) } : {};
}

// Thousands of models stand on one engine image.
const engines = new Map<string, Promise<EngineImage>>();

function readEngine(name: string, digest: string): Promise<EngineImage> {
  const { host, repository } = splitName(name);
  const reference = `${name}@${digest}`;
  const known = engines.get(reference);
  if (known) return known;
  const reading = EngineImage.read(clientOf(host), { repository, digest });
  engines.set(reference, reading);
  // What failed once may go well next time.
  reading.catch(() => engines.delete(reference));
  return reading;
}
