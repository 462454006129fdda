import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as tar from "tar";
import { afterAll, beforeEach, expect, test } from "vitest";
import { applyLayer, packagesIn } from "./packages.ts";

const folder = mkdtempSync(join(tmpdir(), "modelhub-packages-"));
let files: Map<string, string>;
let count = 0;

beforeEach(() => {
  files = new Map();
});
afterAll(() => rmSync(folder, { recursive: true }));

const numpy = "opt/python/lib/python3.13/site-packages/numpy-2.1.0.dist-info/METADATA";

test("Debian's packages are those that dpkg calls installed, of the release that the image is", async () => {
  await layer({
    "usr/lib/os-release": 'PRETTY_NAME="Debian"\nVERSION_ID="13"\nID=debian\n',
    "var/lib/dpkg/status": [
      "Package: libc6\nStatus: install ok installed\nSource: glibc (2.41-11)\nArchitecture: amd64\nVersion: 2.41-12\nDescription: C library\n Package: not-this",
      "Package: gone\nStatus: deinstall ok config-files\nArchitecture: amd64\nVersion: 1",
      "Package: tzdata\nStatus: install ok installed\nArchitecture: all\nVersion: 2026a-1\n",
    ].join("\n\n"),
  });
  expect(packagesIn(files)).toEqual([
    {
      ...{ kind: "deb", name: "libc6", version: "2.41-12", architecture: "amd64" },
      ...{ distro: "debian-13", upstream: "glibc@2.41-11" },
    },
    { kind: "deb", name: "tzdata", version: "2026a-1", architecture: "all", distro: "debian-13" },
  ]);
});

test("Python's packages are found by their metadata, under PyPI's name for them", async () => {
  await layer({
    [numpy]:
      "Metadata-Version: 2.4\nName: NumPy\nVersion: 2.1.0\nLicense-Expression: BSD-3-Clause\n\nVersion: of the description",
    "usr/lib/python3/dist-packages/Old_Name.egg-info/PKG-INFO":
      "Name: Old_Name\nVersion: 1\nLicense: MIT\n",
  });
  expect(packagesIn(files).toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    { kind: "pypi", name: "numpy", version: "2.1.0", license: "BSD-3-Clause" },
    { kind: "pypi", name: "old-name", version: "1", license: "MIT" },
  ]);
});

test("a layer's files take the place of those below, and its removals take them away", async () => {
  await layer({ [numpy]: "Name: numpy\nVersion: 2.1.0", "var/lib/dpkg/status": "Package: a" });
  await layer({ "var/lib/dpkg/status": "Package: b" });
  expect(files.get("var/lib/dpkg/status")).toBe("Package: b");
  const distInfo = dirname(numpy);
  await layer({ [join(dirname(distInfo), ".wh.numpy-2.1.0.dist-info")]: "" });
  expect([...files.keys()]).toEqual(["var/lib/dpkg/status"]);
  await layer({ "var/lib/dpkg/.wh..wh..opq": "", [numpy]: "Name: numpy\nVersion: 2.2.0" });
  expect([...files]).toEqual([[numpy, "Name: numpy\nVersion: 2.2.0"]]);
});

test("what is no package's metadata is not read", async () => {
  await layer({ "etc/passwd": "root", "opt/METADATA": "Name: a\nVersion: 1" });
  expect(files.size).toBe(0);
});

/** Applies a layer with these files, packed as a registry keeps it. */
async function layer(content: Record<string, string>): Promise<void> {
  const from = join(folder, String(count++));
  for (const [path, text] of Object.entries(content)) {
    mkdirSync(dirname(join(from, path)), { recursive: true });
    writeFileSync(join(from, path), text);
  }
  await tar.create({ cwd: from, file: `${from}.tar.gz`, gzip: true }, ["."]);
  await applyLayer(`${from}.tar.gz`, files);
}
