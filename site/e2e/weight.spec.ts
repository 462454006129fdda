import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { sha256 } from "#ci/files.ts";
import { buildSite } from "./build.ts";
import { expect, test } from "./test.ts";

/** Bytes before any picture: the page, its style sheet and its script, each as it is sent. */
function weigh(folder: string, page: string): { all: number; script: number } {
  const gzip = (content: string | Buffer) => gzipSync(content, { level: 9 }).byteLength;
  const html = readFileSync(join(folder, page), "utf8");
  const assets = [...html.matchAll(/"\/modelhub\/(_astro\/[^"]+|favicon\.svg)"/g)].map(
    ([, file]) => file ?? "",
  );
  const scripts = assets.filter((file) => file.endsWith(".js"));
  const inline = [...html.matchAll(/<script type="module">(.*?)<\/script>/gs)].map(
    ([, text]) => text ?? "",
  );
  const size = (files: string[]) =>
    files.reduce((sum, file) => sum + gzip(readFileSync(join(folder, file))), 0);
  return { all: gzip(html) + size(assets), script: gzip(inline.join("")) + size(scripts) };
}

const budgets = [
  ["index.html", 15_000],
  ["compare/index.html", 15_000],
  ["docs/use/index.html", 15_000],
  ["docs/contribute/index.html", 15_000],
  ["docs/reference/config/index.html", 20_000],
  ["models/efficientnet-lite0/index.html", 20_000],
  ["models/silero-vad/index.html", 20_000],
  ["models/cell-counter/index.html", 20_000],
  ["models/general-purpose-self-supervised-embeddings-of-very-large-images/index.html", 20_000],
] as const;

for (const [page, most] of budgets) {
  test(`${page} stays within ${most / 1000} kB, its script within 3 kB`, () => {
    const { all, script } = weigh(process.env["MODELHUB_E2E_FOLDER"] ?? "", page);
    test.info().annotations.push({ type: "bytes", description: `${all}, script ${script}` });
    expect(all).toBeLessThanOrEqual(most);
    expect(script).toBeGreaterThan(0);
    expect(script).toBeLessThanOrEqual(3000);
  });
}

test("trends stay within 15 kB, and take no script", () => {
  const { all, script } = weigh(process.env["MODELHUB_E2E_FOLDER"] ?? "", "trends/index.html");
  test.info().annotations.push({ type: "bytes", description: `${all}` });
  expect(all).toBeLessThanOrEqual(15_000);
  // What an empty text takes.
  expect(script).toBeLessThanOrEqual(20);
});

test("each of ONNX Runtime's programs lies there once, under a name of its contents", () => {
  const folder = join(process.env["MODELHUB_E2E_FOLDER"] ?? "", "_astro");
  const programs = readdirSync(folder).filter((file) => file.endsWith(".wasm"));
  expect(programs.map((file) => file.replace(/-[0-9a-f]{8}\.wasm$/, ""))).toEqual([
    "ort-wasm-simd-threaded",
    "ort-wasm-simd-threaded.asyncify",
  ]);
  for (const file of programs)
    expect(file).toContain(`-${sha256(readFileSync(join(folder, file))).slice(0, 8)}.`);
});

test("whoever shortens an address comes to a page", () => {
  const folder = process.env["MODELHUB_E2E_FOLDER"] ?? "";
  const parents = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith("/index.html") && !file.startsWith("netron/"))
    .map((file) => dirname(dirname(file)));
  expect(parents).toContain("models/efficientnet-lite0");
  expect(parents.filter((parent) => !existsSync(join(folder, parent, "index.html")))).toEqual([]);
});

/** Addresses inside the site that no file answers, each with the page that has it. */
function brokenLinks(folder: string, base: string): string[] {
  const pages = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".html"),
  );
  return pages.flatMap((page) => {
    const html = readFileSync(join(folder, page), "utf8");
    return (
      [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)]
        .map(([, address]) => address ?? "")
        // A guide names the reader's own machine.
        .filter((address) => !/^(https:|data:|javascript:|http:\/\/localhost)/.test(address))
        .filter((address) => !answers(folder, base, absolute(address, base + page), html))
        .map((address) => `${page}: ${address}`)
    );
  });
}

/** An address that begins beside its page, as one that begins at the top. */
function absolute(address: string, page: string): string {
  if (/^[/#?]/.test(address) || address === "") return address;
  const { pathname, search, hash } = new URL(address, `http://localhost${page}`);
  return pathname + search + hash;
}

function answers(folder: string, base: string, address: string, html: string): boolean {
  const [path = "", fragment] = address.replace(/\?[^#]*/, "").split("#");
  if (path !== "" && !path.startsWith(base)) return false;
  const file = join(
    folder,
    path === "" || path.endsWith("/")
      ? `${path.slice(base.length)}index.html`
      : path.slice(base.length),
  );
  if (path !== "" && !(existsSync(file) && statSync(file).isFile())) return false;
  const target = path === "" ? html : fragment ? readFileSync(file, "utf8") : "";
  return !fragment || target.includes(`id="${fragment}"`);
}

test("every link inside the site has an answer, below a base path", () => {
  expect(brokenLinks(process.env["MODELHUB_E2E_FOLDER"] ?? "", "/modelhub/")).toEqual([]);
});

test("and at the top of a host", async () => {
  const folder = await buildSite("https://models.example.org/");
  expect(brokenLinks(folder, "/")).toEqual([]);
  rmSync(folder, { recursive: true });
});
