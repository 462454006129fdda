import { expect, test } from "vitest";
import { catalog } from "../../site/e2e/catalog.ts";
import { cardPage, oembed } from "./embed.ts";

const cardOf = (id: string) => {
  const card = catalog.models.find((model) => model.id === id);
  if (!card) throw new Error(`no model ${id}`);
  return card;
};

test("the oEmbed answer frames the card, in the size that it says", () => {
  const answer = oembed(cardOf("silero-vad"), catalog.registry) as { html: string; width: number };
  expect(answer).toMatchObject({ version: "1.0", type: "rich", title: "Silero VAD" });
  expect(answer.html).toContain('/api/v1/cards/silero-vad.html"');
  expect(answer.html).toContain(`width="${answer.width}"`);
});

test("a card has no script, escapes what authors write, and leads to the model's page", () => {
  const page = cardPage(cardOf("cell-counter"), catalog.registry);
  expect(page).not.toMatch(/<script|<b>/);
  expect(page).toContain("Cells &lt;b&gt;counted&lt;/b&gt; &amp; &quot;typed&quot;");
  expect(page).toContain(`href="${catalog.registry.site}models/cell-counter/"`);
});

test("a card says that its model is deprecated", () => {
  expect(cardPage(cardOf("squeezenet"), catalog.registry)).toContain("· deprecated ·");
  expect(cardPage(cardOf("silero-vad"), catalog.registry)).not.toContain("deprecated");
});
