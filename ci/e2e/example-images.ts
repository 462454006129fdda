import { type OciClient, sha256 } from "../oci/client.ts";
import { goJson } from "../oci/swap.ts";
import type { Published } from "../oci/whole-image.ts";

/**
 * Images of two platforms that look as BuildKit's do, with layers of a few bytes. What a model adds is
 * the same on both.
 */

const platforms = ["amd64", "arm64"];
const shared = ["weights", "source"];
const ociType = (name: string) => `application/vnd.oci.image.${name}.v1+json`;

/** An image that others stand on, with one layer. */
export function pushRuntime(
  client: OciClient,
  _: string,
  repository = "runtime",
): Promise<Published> {
  return pushImage(client, repository, ["runtime"], {});
}

/** An engine image with one layer of its own on a runtime's. */
export function pushEngine(
  client: OciClient,
  version: string,
  repository = "engine",
  label = version,
): Promise<Published> {
  return pushImage(client, repository, ["runtime", `engine ${version}`], {
    Env: [`ENGINE=${version}`],
    Labels: { "ai.modelhub.engine": label },
  });
}

/** A model's image on that engine. */
export function pushModel(
  client: OciClient,
  version: string,
  repository = "models/example",
  label = version,
  own: readonly string[] = shared,
): Promise<Published> {
  const layers = ["runtime", `engine ${version}`, ...own];
  return pushImage(client, repository, layers, {
    Env: [`ENGINE=${version}`],
    Labels: { "ai.modelhub.engine": label, "ai.modelhub.id": "example" },
  });
}

async function pushImage(
  client: OciClient,
  repository: string,
  layers: readonly string[],
  config: object,
): Promise<Published> {
  const manifests = [];
  for (const architecture of platforms) {
    const texts = layers.map((layer) =>
      shared.includes(layer) ? layer : `${layer} ${architecture}`,
    );
    for (const text of texts) await client.putBlob(repository, text);
    const image = {
      architecture,
      config,
      history: layers.map((layer) => ({ created_by: `COPY ${layer}` })),
      os: "linux",
      rootfs: { type: "layers", diff_ids: texts.map((text) => sha256(`unpacked ${text}`)) },
    };
    const manifest = await put(client, repository, "manifest", {
      schemaVersion: 2,
      mediaType: ociType("manifest"),
      config: await descriptor(client, repository, ociType("config"), goJson(image)),
      layers: texts.map((text) => ({
        mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
        digest: sha256(text),
        size: text.length,
      })),
    });
    manifests.push({ ...manifest, platform: { architecture, os: "linux" } });
  }
  const index = { schemaVersion: 2, mediaType: ociType("index"), manifests };
  const { digest } = await put(client, repository, "index", index);
  const named = manifests.map(({ platform, digest }) => [`linux/${platform.architecture}`, digest]);
  return { repository, digest, platforms: Object.fromEntries(named) };
}

async function descriptor(client: OciClient, repository: string, mediaType: string, text: string) {
  return { mediaType, digest: await client.putBlob(repository, text), size: text.length };
}

async function put(client: OciClient, repository: string, kind: string, value: object) {
  const text = goJson(value, 2);
  const [mediaType, digest] = [ociType(kind), sha256(text)];
  await client.putManifest(repository, digest, { digest, mediaType, text });
  return { mediaType, digest, size: text.length };
}
