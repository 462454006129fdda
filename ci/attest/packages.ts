import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import * as tar from "tar";
import { readJson, writeJson } from "../files.ts";
import { homeFolder } from "../home.ts";
import { fetchBlob, fetchManifest } from "../images/oci.ts";

/**
 * What is installed in an image: Debian's packages as dpkg lists them, Python's by their own
 * metadata. All of it is read out of the layers; nothing of the image runs.
 */

export interface InstalledPackage {
  kind: "deb" | "pypi";
  name: string;
  version: string;
  /** Debian's word for the platform, or `all`. */
  architecture?: string;
  /** Debian's release, such as `debian-13`. */
  distro?: string;
  /** Debian's source package, with its version where that is another: `curl` or `glibc@2.41-12`. */
  upstream?: string;
  /** Licence as the package states it, which may be no SPDX expression. */
  license?: string;
}

// Changes when the scan does, so that what an older one found is not used again.
const scanVersion = 3;

/** The packages of an image by digest, sorted; kept, so that an image's layers are read once. */
export async function installedPackages(image: string): Promise<InstalledPackage[]> {
  const [name = "", digest = ""] = image.split("@");
  const file = join(homeFolder("packages"), `${digest.replace(":", "-")}-${scanVersion}.json`);
  const known = readJson(file);
  if (known) return known as InstalledPackage[];
  const { manifests } = await fetchManifest(image);
  const parts = manifests?.map((part) => part.digest) ?? [digest];
  const found: InstalledPackage[] = [];
  for (const part of parts) found.push(...packagesIn(await metadataFiles(name, part)));
  const result = sortedOnce(found);
  writeJson(file, result);
  return result;
}

/** The packages that the metadata files of a root file system tell of. */
export function packagesIn(files: ReadonlyMap<string, string>): InstalledPackage[] {
  const distro = releaseName(files.get(osRelease) ?? "");
  return [...files].flatMap(([path, text]) => {
    if (path === osRelease) return [];
    return path === dpkgStatus ? debianPackages(text, distro) : pythonPackage(text);
  });
}

function releaseName(text: string): string | undefined {
  const [, id] = /^ID="?([\w.-]+)/m.exec(text) ?? [];
  const [, version] = /^VERSION_ID="?([\w.-]+)/m.exec(text) ?? [];
  return id && version && `${id}-${version}`;
}

function debianPackages(status: string, distro: string | undefined): InstalledPackage[] {
  return status.split(/\n\n+/).flatMap((paragraph): InstalledPackage[] => {
    const { Package, Version, Architecture, Status, Source } = fields(paragraph);
    if (!Package || !Version || Status !== "install ok installed") return [];
    return [
      {
        kind: "deb",
        name: Package,
        version: Version,
        ...(Architecture && { architecture: Architecture }),
        ...(distro && { distro }),
        ...(Source && { upstream: Source.replace(/^(\S+) \((.+)\)$/, "$1@$2") }),
      },
    ];
  });
}

function pythonPackage(metadata: string): InstalledPackage[] {
  const [head = ""] = metadata.split(/\r?\n\r?\n/, 1);
  const found = fields(head);
  const { Name, Version } = found;
  if (!Name || !Version) return [];
  const license = found["License-Expression"] ?? found["License"];
  // PyPI takes runs of these characters for one hyphen.
  const name = Name.toLowerCase().replace(/[-_.]+/g, "-");
  return [{ kind: "pypi", name, version: Version, ...(license && { license }) }];
}

/** `Key: value` lines; a line that begins with space goes on with the one before and is left out. */
function fields(text: string): Partial<Record<string, string>> {
  const pairs = [...text.matchAll(/^([A-Za-z-]+): *(.*?)\r?$/gm)];
  return Object.fromEntries(pairs.map(([, key, value]) => [key, value]));
}

const dpkgStatus = "var/lib/dpkg/status";
const osRelease = "usr/lib/os-release";
const isMetadata = (path: string) =>
  path === dpkgStatus ||
  path === osRelease ||
  /\.(dist-info\/METADATA|egg-info\/PKG-INFO)$/.test(path);

// An image layer removes a file of the layers below by an entry of this name.
const removal = ".wh.";
const removeAll = ".wh..wh..opq";
const maxBytes = 16 * 1024 * 1024;

/** The files with packages' metadata of one platform's image, by path, as its layers leave them. */
async function metadataFiles(name: string, digest: string): Promise<Map<string, string>> {
  const { layers = [] } = await fetchManifest(`${name}@${digest}`);
  const folder = mkdtempSync(join(tmpdir(), "modelhub-layers-"));
  const files = new Map<string, string>();
  try {
    for (const layer of layers) {
      const file = join(folder, "layer");
      await fetchBlob(`${name}@${layer.digest}`, file);
      await applyLayer(file, files);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return files;
}

/** Puts one layer over the files of those below it. */
export async function applyLayer(file: string, files: Map<string, string>): Promise<void> {
  const added = new Map<string, string>();
  const removed: string[] = [];
  await tar.list({
    file,
    filter: (path) => isMetadata(clean(path)) || basename(path).startsWith(removal),
    onReadEntry(entry) {
      const path = clean(entry.path);
      const name = basename(path);
      if (name === removeAll) removed.push(dirname(path));
      else if (name.startsWith(removal))
        removed.push(join(dirname(path), name.slice(removal.length)));
      else if (entry.size <= maxBytes) collect(entry, (text) => added.set(path, text));
    },
  });
  for (const path of removed) {
    for (const known of files.keys())
      if (known === path || known.startsWith(`${path}/`)) files.delete(known);
  }
  for (const [path, text] of added) files.set(path, text);
}

function collect(entry: tar.ReadEntry, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  entry.on("data", (chunk: Buffer) => chunks.push(chunk));
  entry.on("end", () => done(Buffer.concat(chunks).toString("utf8")));
}

function clean(path: string): string {
  return path.replace(/^(\.?\/)+/, "");
}

function sortedOnce(packages: InstalledPackage[]): InstalledPackage[] {
  const byName = packages.map((item) => [JSON.stringify(item), item] as const);
  return [...new Map(byName.sort(([a], [b]) => (a < b ? -1 : 1))).values()];
}
