import { hash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OursError } from "./errors.ts";
import { makeFolder } from "./files.ts";
import { homeFolder } from "./home.ts";
import { ProcessError, run } from "./process.ts";

/** Netron (MIT) draws graphs. It is no npm package, so it comes from the wheel that its author publishes. */
const wheel = {
  version: "9.3.3",
  sha256: "37e94827e9eddadc27b94b70aacdd531436ce56b467dcba3c52144709e3612bb",
};

/** What the drawing of an ONNX file takes; the wheel's other formats are 20 MB more. */
const parts = [
  ...["index.html", "index.js", "grapher.css", "favicon.ico", "icon.png"],
  ...["onnx", "pytorch", "tflite"].map((format) => `${format}-metadata.json`),
  ...["base", "browser", "dagre", "flatbuffers", "flexbuffers", "grapher", "hdf5", "json"].map(js),
  ...["message", "mlnet", "onnx", "onnx-proto", "onnx-schema", "protobuf", "python"].map(js),
  ...["pytorch", "tar", "text", "tflite", "tflite-schema", "view", "worker", "xml", "zip"].map(js),
];

/**
 * The folder with Netron as the site serves it: it asks no other host, keeps no cookie and never
 * grows too old. Nothing where the wheel can't be had; then the site draws no graphs.
 */
export async function netronFolder(): Promise<string | undefined> {
  const made = hash("sha256", JSON.stringify([wheel, parts, tame, policy]));
  const folder = join(homeFolder("netron"), made);
  try {
    await makeFolder(folder, unpack);
    return folder;
  } catch (error) {
    if (error instanceof ProcessError) return undefined;
    throw error;
  }
}

async function unpack(aside: string): Promise<void> {
  const download = mkdtempSync(join(tmpdir(), "modelhub-netron-"));
  try {
    const requirements = join(download, "requirements.txt");
    writeFileSync(requirements, `netron==${wheel.version} --hash=sha256:${wheel.sha256}\n`);
    const options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"];
    // Debian's Python comes without pip; set-up then names one that has it.
    await run(process.env["MODELHUB_PIP"] ?? "python3", [
      ...["-m", "pip", "download", ...options, "--require-hashes"],
      ...["--dest", download, "--requirement", requirements],
    ]);
    const file = readdirSync(download).find((name) => name.endsWith(".whl")) ?? "";
    await run("python3", ["-I", "-c", extract, join(download, file), aside, ...parts]);
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
  const page = join(aside, "index.html");
  writeFileSync(page, tamed(readFileSync(page, "utf8")));
  writeFileSync(join(aside, "tame.js"), tame);
}

const extract = `import sys, zipfile
wheel, folder, *parts = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
  for part in parts:
    with open(f"{folder}/{part}", "wb") as target:
      target.write(archive.read(f"netron/{part}"))
`;

// As shipped it asks ipinfo.io where the reader is, and for consent to cookies; it takes this for a yes.
const tame = `Object.defineProperty(document, "cookie", { get: () => "consent=1", set: () => {} });\n`;

const policy = [
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:",
  "connect-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'",
].join("; ");

/** Netron's page: a version of 0.0.0 reports nothing, and without a date it does not ask to be updated. */
export function tamed(page: string): string {
  const changes: [RegExp, string][] = [
    [/(<meta name="version" content=)"[^"]*"/, '$1"0.0.0"'],
    [/(<meta name="date" content=)"[^"]*"/, '$1""'],
    [/(<meta http-equiv="Content-Security-Policy" content=)"[^"]*"/, `$1"${policy}"`],
    [/, maximum-scale=1.0, user-scalable=no/, ""],
    [/(<script type="text\/javascript" src="index.js">)/, '<script src="tame.js"></script>\n$1'],
  ];
  return changes.reduce((text, [what, by]) => {
    if (what.test(text)) return text.replace(what, by);
    throw new OursError(
      `Netron ${wheel.version} has another page than expected: nothing matches ${what}\n  hint: see what its index.html does now, and change ci/netron.ts`,
    );
  }, page);
}

function js(name: string): string {
  return `${name}.js`;
}
