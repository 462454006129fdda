import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

export interface Site {
  /** Address of the front page, with a slash at its end. */
  url: string;
  close: () => Promise<void>;
}

const mediaTypes: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".jpg": "image/jpeg",
  ".wasm": "application/wasm",
};

const packed = new Set([".html", ".css", ".js", ".json", ".svg"]);

/** A folder under a base path, as plain static hosting serves it, text compressed; of a file that `isCut`, half. */
export async function serve(
  folder: string,
  base: string,
  isCut: (file: string) => boolean = () => false,
): Promise<Site> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = normalize(decodeURIComponent(pathname));
    const inside = path.startsWith(base) ? path.slice(base.length) : undefined;
    const file =
      inside === undefined || inside.endsWith("/") || inside === ""
        ? `${inside ?? "?"}index.html`
        : inside;
    const content = await readFile(join(folder, file)).catch(() => undefined);
    response.statusCode = content ? 200 : 404;
    response.setHeader(
      "Content-Type",
      mediaTypes[content ? extname(file) : ".html"] ?? "application/octet-stream",
    );
    if (content && isCut(file)) {
      response.setHeader("Content-Length", content.byteLength);
      response.write(content.subarray(0, content.byteLength / 2), () => response.destroy());
      return;
    }
    const accepted = String(request.headers["accept-encoding"] ?? "");
    if (content && packed.has(extname(file)) && accepted.includes("gzip")) {
      response.setHeader("Content-Encoding", "gzip");
      response.end(gzipSync(content));
      return;
    }
    response.end(content ?? (await readFile(join(folder, "404.html"))));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${base}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
