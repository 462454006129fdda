import type { CatalogCard } from "#schema/catalog.ts";
import { xml } from "./xml.ts";

/** A badge for the author's own page: version and state in words, colour only beside them. */
export function badge({ title, version, platforms, state }: CatalogCard): string {
  const [verdict, color] =
    platforms.length === 0
      ? ["waits for its first build", "#855000"]
      : state === "deprecated"
        ? [`${version} deprecated`, "#855000"]
        : [`${version} reproduced`, "#0a6b58"];
  const left = width("ModelHub");
  const right = width(verdict);
  const name = xml(`${title}, ModelHub: ${verdict}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${name}">
<title>${name}</title>
<rect width="${left}" height="20" fill="#16201c"/><rect x="${left}" width="${right}" height="20" fill="${color}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="${left / 2}" y="14">ModelHub</text><text x="${left + right / 2}" y="14">${xml(verdict)}</text>
</g></svg>`;
}

// Verdana at 11 px is about 7 px a letter; the text is centred, so an error shows as padding.
const width = (text: string): number => text.length * 7 + 12;
