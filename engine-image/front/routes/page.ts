import { createHash } from "node:crypto";
import type { Hono } from "hono";
import { page } from "../page/page.ts";

/** The page at `/`: one file, nothing from elsewhere, and a policy that keeps it so. */
export function pageRoutes(app: Hono): void {
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": policy(page),
    "cache-control": "no-cache",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
  };
  app.get("/", () => new Response(page, { headers }));
}

function policy(html: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashes(html, "script")}`,
    `style-src ${hashes(html, "style")}`,
    "img-src 'self' blob: data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join("; ");
}

function hashes(html: string, element: "script" | "style"): string {
  const blocks = html.matchAll(new RegExp(`<${element}[^>]*>(.*?)</${element}>`, "gs"));
  return [...blocks]
    .map(([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`)
    .join(" ");
}
