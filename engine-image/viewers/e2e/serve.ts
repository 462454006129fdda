import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const source = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Serve the gallery on a free port. */
export async function serveGallery(): Promise<{ url: string; close(): void }> {
  const { outputFiles } = await build({
    entryPoints: [source("gallery.ts"), source("../../front/page/page.css")],
    bundle: true,
    format: "esm",
    write: false,
    outdir: "/",
    logLevel: "warning",
  });
  const [script, style] = [".js", ".css"].map(
    (ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "",
  );
  const page = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
    <title>Viewers</title><link rel="icon" href="data:,"><link rel="stylesheet" href="style.css">
    <style>main { grid-template-columns: minmax(0, 1fr) } main > div { max-width: 44rem }</style>
    <header><h1>Viewers</h1><h2>All of them</h2></header><script type="module" src="script.js"></script></html>`;
  const files: Record<string, readonly [string, string | Buffer]> = {
    "/": ["text/html", page],
    "/script.js": ["text/javascript", script ?? ""],
    "/style.css": ["text/css", style ?? ""],
    "/coffee.jpg": ["image/jpeg", readFileSync(source("../../../site/e2e/samples/coffee.jpg"))],
  };
  const server = createServer(({ url = "/" }, response) => {
    const [type, body] = files[url] ?? ["text/plain", ""];
    response.writeHead(files[url] ? 200 : 404, { "content-type": `${type}; charset=utf-8` });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
