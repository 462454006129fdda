import { createHash } from "node:crypto";
import type { Hono } from "hono";
import { type PageFile, readPageFile } from "../page-files.ts";
import { reply } from "../reply.ts";

/** The page at `/`: one file, nothing from elsewhere, and a policy that keeps it so. */
export function pageRoutes(app: Hono): void {
  app.get("/", async () => {
    const html = await readPageFile("index.html");
    return sendHtml(html, [
      `script-src ${hashes(html, "script")}`,
      `style-src ${hashes(html, "style")}`,
      "img-src 'self' blob: data:",
      "media-src blob:",
      "connect-src 'self'",
    ]);
  });
}

/** The API's description to read and try out, by Swagger UI from this server's own files. */
export function docsRoutes(app: Hono): void {
  app.get("/docs", async () => {
    const html = await readPageFile("docs.html");
    return sendHtml(html, [
      `script-src 'self' ${hashes(html, "script")}`,
      // Swagger UI styles its elements one by one.
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "connect-src 'self'",
    ]);
  });
  asset("swagger-ui-bundle.js", "text/javascript");
  asset("swagger-ui.css", "text/css");

  function asset(name: PageFile, type: string): void {
    app.get(`/docs/${name}`, async () => {
      const headers = { ...common, "content-type": type, "cache-control": "public, max-age=3600" };
      return reply(await readPageFile(name), headers);
    });
  }
}

const common = { "x-content-type-options": "nosniff" };

function sendHtml(html: string, policy: string[]): Response {
  const fixed = ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"];
  return reply(html, {
    ...common,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": ["default-src 'none'", ...policy, ...fixed].join("; "),
    "cache-control": "no-cache",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-frame-options": "SAMEORIGIN",
  });
}

/** What the policy lets in: the page's own blocks, to the letter. */
function hashes(html: string, element: "script" | "style"): string {
  const blocks = html.matchAll(
    new RegExp(`<${element}(?: type="module")?>(.*?)</${element}>`, "gs"),
  );
  return [...blocks]
    .map(([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`)
    .join(" ");
}
