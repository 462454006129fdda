import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Catalog, CatalogCard } from "#schema/catalog.ts";
import type { Instance } from "#schema/instance.ts";
import { formatBytes } from "../problems.ts";
import { writeTexts } from "./write.ts";
import { xml } from "./xml.ts";

/** Writes what other pages show of each model: its card, and the oEmbed answer that leads there. */
export function writeCards({ models, registry }: Catalog, api: string): void {
  writeTexts(
    join(api, "cards"),
    models.map((card) => [`${card.id}.html`, cardPage(card, registry)]),
  );
  writeTexts(
    join(api, "oembed"),
    models.map((card) => [`${card.id}.json`, JSON.stringify(oembed(card, registry))]),
  );
}

const size = { width: 480, height: 176 };

/** The element that shows a model's card on another page. */
export function cardFrame(
  { id, title }: Pick<CatalogCard, "id" | "title">,
  registry: Instance,
): string {
  const source = `${registry.site}api/v1/cards/${id}.html`;
  return `<iframe src="${xml(source)}" title="${xml(title)}" width="${size.width}" height="${size.height}" loading="lazy" style="border:0;max-width:100%"></iframe>`;
}

/** A model's card as an oEmbed answer (oembed.com, version 1.0). */
export function oembed(card: CatalogCard, registry: Instance): object {
  return {
    version: "1.0",
    type: "rich",
    title: card.title,
    provider_name: registry.name,
    provider_url: registry.site,
    cache_age: 86_400,
    html: cardFrame(card, registry),
    ...size,
  };
}

const style = `:root{color-scheme:light dark;--ink:light-dark(#16201c,#e6ece9);--soft:light-dark(#55635d,#a3b0aa);--line:light-dark(#d9dfdc,#35403b);--paper:light-dark(#fdfdfb,#111514);--accent:light-dark(#0a6b58,#6fd0b5)}
body{margin:0;font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main{box-sizing:border-box;height:min(100vh,${size.height}px);display:flex;gap:16px;padding:14px;border:1px solid var(--line);border-radius:4px;overflow:hidden}
img{width:132px;height:100%;object-fit:cover;border-radius:3px;flex:none}
h1{font:500 20px/1.2 Charter,Georgia,serif;margin:0 0 4px}
a{color:var(--accent)}
p{margin:0;overflow:hidden;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3}
.facts{color:var(--soft);font-size:13px;margin-top:8px}`;
const styleHash = createHash("sha256").update(style).digest("base64");

/** A model's card as a page of its own, for frames: one picture, no script, no other host. */
export function cardPage(card: CatalogCard, registry: Instance): string {
  const { id, title, summary, version, state, task, bytes, licenses, sample } = card;
  const page = `${registry.site}models/${id}/`;
  const picture = sample?.inputs.find(
    ({ kind, mediaType }) => kind === "image" && /^image\/(jpeg|png|webp)$/.test(mediaType),
  );
  const facts = [
    registry.name,
    task?.replaceAll("-", " "),
    `version ${version}`,
    state === "deprecated" ? "deprecated" : undefined,
    licenses?.weights,
    bytes === undefined ? undefined : formatBytes(bytes),
  ].filter((fact) => fact !== undefined);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src 'self'; style-src 'sha256-${styleHash}'; base-uri 'none'">
<meta name="robots" content="noindex">
<link rel="icon" href="../../../favicon.svg" type="image/svg+xml">
<link rel="canonical" href="${xml(page)}">
<title>${xml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${picture ? `<img src="../${xml(encodeURI(picture.file))}" alt="">` : ""}
<div>
<h1><a href="${xml(page)}" target="_blank" rel="noopener">${xml(title)}</a></h1>
<p>${xml(summary)}</p>
<p class="facts">${facts.map(xml).join(" · ")}</p>
</div>
</main>
</body>
</html>`;
}
