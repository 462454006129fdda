import type { Built, Catalog, CatalogVersion } from "#schema/catalog.ts";
import { bytes, plural } from "#viewers/format.ts";
import { shortDigest } from "../../src/format.ts";
import type { Section } from "./blocks.ts";

/** Files, digests and where all comes from. */
export function stored(
  version: CatalogVersion,
  { lock, record }: Built,
  registry: Catalog["registry"],
): Section[] {
  const { source, entry, id } = version;
  const declaredOf = new Map(record.config.weights.map((one) => [one.id, one]));
  const hash = (text: string) => ({ text, hash: true });
  const tree = `${source.repository}/tree/${source.revision}/${source.path}`;
  return [
    {
      id: "files",
      title: "Files and weights",
      blocks: [
        {
          table: {
            caption: "Weights",
            columns: ["File", "Format", "Size", "SHA-256"],
            rows: record.weights.map((one) => ({
              head: one.file,
              code: true,
              note: declaredOf.get(one.id)?.source,
              cells: [
                { text: declaredOf.get(one.id)?.format ?? "" },
                { text: bytes(one.bytes) },
                hash(one.sha256),
              ],
            })),
          },
        },
        {
          summary: `${plural(record.files.length, "file")} of the contributor's folder`,
          table: {
            caption: "Files",
            columns: ["File", "Size", "SHA-256"],
            rows: record.files.map(({ path, sha256, bytes: size }) => ({
              head: path,
              code: true,
              cells: [{ text: bytes(size) }, hash(sha256)],
            })),
          },
        },
      ],
    },
    {
      id: "digests",
      title: "Digests",
      note: "Everything that is pulled is named by the hash of its bytes.",
      blocks: [
        {
          digests: [
            { term: "Image", what: lock.image.name, text: lock.image.digest },
            ...Object.entries(lock.image.platforms).map(([what, text]) => ({
              term: "",
              what,
              text: text ?? "",
            })),
            { term: "Engine", what: `version ${lock.engineVersion}`, text: lock.stack.engine },
            { term: "Runtime", what: "framework and packages", text: lock.stack.runtime },
            { term: "Base", what: "operating system", text: lock.stack.base },
            { term: "Bundle", what: "source and weights as an artifact", text: lock.bundle },
            { term: "Record", what: "all that was measured", text: lock.record },
          ],
        },
      ],
    },
    {
      id: "source",
      title: "Source",
      blocks: [
        {
          terms: [
            {
              term: "Repository",
              text: source.repository.replace("https://", ""),
              href: source.repository,
              more: `folder ${source.path}`,
            },
            { term: "Commit", text: source.revision, href: tree, hash: true },
            ...entry.maintainers.map(({ github }) => ({
              term: "Maintained by",
              text: github,
              href: `https://github.com/${github}`,
            })),
            {
              term: "Entry",
              text: `registry/models/${id}`,
              href: `${registry.repository}/tree/HEAD/registry/models/${id}`,
              more: "Report a problem",
            },
          ],
        },
      ],
    },
    {
      id: "versions",
      title: "Versions",
      blocks: [
        {
          versions: version.versions.map((one) => ({
            version: one,
            href: `/models/${id}/${one}/`,
            published: version.published?.slice(0, 10) ?? "",
            digest: shortDigest(lock.image.digest),
          })),
        },
      ],
    },
  ];
}
