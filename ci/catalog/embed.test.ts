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

test("the oEmbed answer has every key that the format asks of a rich one", () => {
  expect(oembed(cardOf("silero-vad"), catalog.registry)).toMatchInlineSnapshot(`
    {
      "cache_age": 86400,
      "height": 176,
      "html": "<iframe src="https://modelhub-registry.github.io/modelhub/api/v1/cards/silero-vad.html" title="Silero VAD" width="480" height="176" loading="lazy" style="border:0;max-width:100%"></iframe>",
      "provider_name": "ModelHub",
      "provider_url": "https://modelhub-registry.github.io/modelhub/",
      "title": "Silero VAD",
      "type": "rich",
      "version": "1.0",
      "width": 480,
    }
  `);
});

test("a card may load pictures of the site, and nothing else", () => {
  const page = cardPage(cardOf("efficientnet-lite0"), catalog.registry);
  expect(page).toContain(`content="default-src 'none'; img-src 'self'; style-src 'sha256-`);
  expect(page).toContain('<img src="../models/efficientnet-lite0/1.1.0/coffee.jpg" alt="">');
  expect(cardPage(cardOf("silero-vad"), catalog.registry)).not.toContain("<img");
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
