import { expect, test } from "vitest";
import { catalog, models } from "../../site/e2e/catalog.ts";
import { channelOf, feed } from "./feed.ts";

const versions = models.flatMap((model) => model.versions);
const of = (id: string, ...wanted: string[]) =>
  versions.filter((one) => one.id === id && wanted.includes(one.version));

test("a feed is Atom, with an id, a date, a link and a reason for each entry", () => {
  const [yanked] = of("efficientnet-lite0", "1.0.1");
  if (!yanked) throw new Error("the test catalog has no yanked version");
  expect(feed(catalog, [yanked], channelOf(yanked))).toMatchInlineSnapshot(`
    "<?xml version="1.0" encoding="utf-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom">
    <id>https://modelhub-registry.github.io/modelhub/api/v1/feeds/efficientnet-lite0.xml</id>
    <title>EfficientNet-Lite0</title>
    <subtitle>Runnable deep-learning models, each in a container, registered by reference.</subtitle>
    <updated>2026-03-17T07:30:00.000Z</updated>
    <link rel="self" href="https://modelhub-registry.github.io/modelhub/api/v1/feeds/efficientnet-lite0.xml"/>
    <link href="https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/"/>
    <author><name>ModelHub</name></author>
    <entry>
    <id>https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/1.0.1/#registered</id>
    <title>EfficientNet-Lite0 1.0.1</title>
    <updated>2026-03-17T07:30:00.000Z</updated>
    <link href="https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/1.0.1/"/>
    <summary>Names what a photograph shows, out of the thousand classes of ImageNet.</summary>
    </entry>
    <entry>
    <id>https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/1.0.1/#yanked</id>
    <title>Yanked: EfficientNet-Lite0 1.0.1</title>
    <updated>2026-03-02T00:00:00Z</updated>
    <link href="https://modelhub-registry.github.io/modelhub/models/efficientnet-lite0/1.0.1/"/>
    <summary>Reads the colour channels in the wrong order. Use version 1.0.2 instead.</summary>
    </entry>
    </feed>"
  `);
});

const entries = (text: string) =>
  [...text.matchAll(/<entry>(.*?)<\/entry>/gs)].map(([, entry]) => entry ?? "");

test("a removed version is a tombstone with its day and reason, and what to take instead", () => {
  const all = versions.filter(({ id }) => id === "efficientnet-lite0");
  const about = entries(feed(catalog, all)).filter((entry) => entry.includes("/0.9.0/"));
  expect(about).toHaveLength(2);
  const [registered, removed] = about.toSorted();
  expect(removed).toContain("<title>Removed: EfficientNet-Lite0 0.9.0</title>");
  expect(removed).toContain("<updated>2026-02-11T00:00:00Z</updated>");
  expect(removed).toContain(
    "<summary>A password was in its folder. Use version 1.1.0 instead.</summary>",
  );
  // Its build went with its images; it waits for none.
  expect(registered).toContain("<summary>Has been removed since.</summary>");
});

test("a feed keeps the newest hundred", () => {
  const [one] = of("silero-vad", "6.2.3");
  const many = Array.from({ length: 120 }, (_, day) => ({
    ...(one as NonNullable<typeof one>),
    published: new Date(Date.UTC(2026, 0, 1 + day)).toISOString(),
  }));
  const text = feed(catalog, many);
  expect(text.match(/<entry>/g)).toHaveLength(100);
  expect(text).toContain("2026-04-30T");
  expect(text).not.toContain("2026-01-01T");
});
