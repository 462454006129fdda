import { expect, test } from "vitest";
import type { CatalogCard } from "#schema/catalog.ts";
import { catalog } from "../../site/e2e/catalog.ts";
import { badge } from "./badge.ts";

const badgeOf = (id: string) =>
  badge(catalog.models.find((model) => model.id === id) as CatalogCard);

test("a badge is drawn in words that fit it, and says them to those who can't see it", () => {
  expect(badgeOf("silero-vad")).toMatchInlineSnapshot(`
    "<svg xmlns="http://www.w3.org/2000/svg" width="192" height="20" role="img" aria-label="Silero VAD, ModelHub: 6.2.3 reproduced">
    <title>Silero VAD, ModelHub: 6.2.3 reproduced</title>
    <rect width="68" height="20" fill="#16201c"/><rect x="68" width="124" height="20" fill="#0a6b58"/>
    <g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
    <text x="34" y="14">ModelHub</text><text x="130" y="14">6.2.3 reproduced</text>
    </g></svg>"
  `);
});

test("what is not reproduced is not green", () => {
  const [green] = /#0a6b58/.exec(badgeOf("silero-vad")) ?? [];
  for (const id of ["squeezenet", "leaf-disease"]) expect(badgeOf(id)).not.toContain(green);
});

test("a title can't end the badge", () => {
  expect(badgeOf("cell-counter")).toContain("Cells &lt;b&gt;counted&lt;/b&gt;");
});
