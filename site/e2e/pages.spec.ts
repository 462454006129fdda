import { execa } from "execa";
import { models } from "./catalog.ts";
import { expect, expectCopied, faults, model, test } from "./test.ts";

test("the guide's lines name a model of this registry, and copy as they stand", async ({
  page,
}) => {
  await page.goto("docs/");
  await page.getByRole("main").getByRole("link", { name: "Use a model" }).click();
  const line = page.locator("pre", { hasText: "docker run --rm -i" });
  const text = (await line.textContent()) ?? "";
  const images = models.flatMap(({ versions }) => versions.map(({ built }) => built?.image));
  const [, image] = /docker run --rm -i (\S+) predict - < photo\.jpg$/.exec(text) ?? [];
  expect(images).toContain(image);
  await expectCopied(page, "Copy: docker run --rm -i", text);
  // Every stand-in was filled, in blocks and in the text.
  await expect(page.getByRole("main")).not.toContainText(/\b(IMAGE|SAMPLE|MODEL|SITE)\b/);
});

test("the reference has every verb of the program and every key of a config", async ({ page }) => {
  const { stdout } = await execa("node", ["client/main.ts", "--help"], { cwd: ".." }).catch(() =>
    execa("node", ["client/main.ts", "--help"]),
  );
  const verbs = [...stdout.matchAll(/^ {2}([a-z]+) [[<]/gm)].map(([, verb]) => verb);
  expect(verbs).toContain("check");
  await page.goto("docs/reference/commands/");
  const shown = await page.getByRole("heading", { level: 2 }).allTextContents();
  expect(shown).toEqual(verbs.filter((verb) => verb !== "help"));
  await page.getByRole("link", { name: "modelhub.json" }).click();
  const tolerance = page.locator(".keys > div", { hasText: "outputs[].tolerance.rtol" });
  await expect(tolerance).toContainText("Default 0.001");
});

test("the reference of the API has every path of the OpenAPI document", async ({ page }) => {
  const { paths } = await (await page.request.get("api/v1/openapi.json")).json();
  await page.goto("docs/reference/api/");
  await expect(page.locator(".keys dt")).toHaveText(Object.keys(paths));
});

test("a benchmark shows claims beside what was measured, with the interval", async ({ page }) => {
  await page.goto("");
  await page.getByRole("banner").getByRole("link", { name: "Benchmarks" }).click();
  await page.getByRole("link", { name: "ImageNet" }).click();
  const row = page.getByRole("row", { name: /EfficientNet-Lite0/ });
  await expect(row.getByRole("cell")).toContainText([
    /75\.1/,
    /74\.2/,
    /71\.4.*76\.8/,
    "742 of 1,000",
    "2026-05-20",
    "sha256:",
  ]);
  await expect(page.getByRole("row", { name: /SqueezeNet/ })).toContainText("on an earlier image");
  await row.getByRole("link", { name: "EfficientNet-Lite0" }).click();
  const section = page.locator("#evaluation");
  await expect(section.getByRole("row", { name: /ImageNet.*74\.2/ })).toBeVisible();
  await expect(section).not.toContainText("has not measured");
});

test("a benchmark without figures, or without data, says so, and how to measure", async ({
  page,
}) => {
  await page.goto("benchmarks/letters/");
  await expect(page.getByText("No author states a figure, and nobody has measured")).toBeVisible();
  await expect(page.getByText("this registry lacks the labelled data")).toBeVisible();
  await page.getByRole("main").getByRole("link", { name: "How to measure" }).click();
  await expect(page.getByRole("heading", { name: "Measure a model", level: 1 })).toBeVisible();
  await page.goBack();
  await expect(page.getByText("nothing was measured here")).toBeVisible();
});

test("trends say how many models stand behind, and leave out what is nothing", async ({ page }) => {
  await page.goto("trends/");
  const section = page.locator("#activations");
  await expect(section.locator("caption")).toHaveText(
    /^Activations of \d+ models; bars are shares/,
  );
  const relu = section.getByRole("row", { name: /^ReLU6/ });
  await expect(relu.locator("td").first()).toHaveText(/^\d+$/);
  await expect(relu.locator("td svg").first()).toBeVisible();
  await expect(page.locator(".trends").getByRole("cell", { name: "0", exact: true })).toHaveCount(
    0,
  );
  await expect(page.getByText("years without a model are left out")).toBeVisible();
});

test("a collection has its models in the order that was chosen", async ({ page }) => {
  await page.goto("collections/");
  await page.getByRole("link", { name: "First steps" }).click();
  await expect(page.locator(".rows h2")).toHaveText(["Silero VAD", "EfficientNet-Lite0"]);
  await expect(page.getByText("<script>alert(1)</script>")).toBeVisible();
});

test("the queue says of each submission how old it is and what it waits for", async ({ page }) => {
  await page.goto("queue/");
  const row = page.getByRole("row", { name: /tiny-net/ });
  await expect(row).toContainText("the author, to mend what the check found");
  await expect(row).toContainText("2 days");
  await expect(page.getByText("As of 2026-05-20 06:00 UTC.")).toBeVisible();
});

test("a catalog that was built without asking says so, and where the submissions are", async ({
  page,
}) => {
  // The sites lie on two ports, and the test watches for requests elsewhere.
  const html = await (
    await page.request.get(`${process.env["MODELHUB_E2E_TRY_URL"]}queue/`)
  ).text();
  expect(html).toContain("was built without asking for the open submissions");
  expect(html).toMatch(/href="https:\/\/[^"]+\/pulls"/);
});

test("a publication of two models stands once, with both", async ({ page }) => {
  await page.goto("publications/");
  const work = page.getByRole("listitem").filter({ hasText: "Rethinking Model Scaling" });
  await expect(work).toHaveCount(1);
  await expect(work.getByRole("link", { name: "EfficientNet-Lite0" })).toBeVisible();
  await expect(work.getByRole("link", { name: /Self-supervised/ })).toBeVisible();
});

test("a model's page leads to its card, which frames show without script", async ({ page }) => {
  await page.goto(model("efficientnet-lite0"));
  const oembed = page.locator('link[type="application/json+oembed"]');
  await expect(oembed).toHaveAttribute("href", /\/api\/v1\/oembed\/efficientnet-lite0\.json$/);
  await page.goto("api/v1/cards/efficientnet-lite0.html");
  await expect(page.getByRole("heading")).toHaveText("EfficientNet-Lite0");
  const width = await page.locator("img").evaluate((img: HTMLImageElement) => img.naturalWidth);
  expect(width).toBeGreaterThan(0);
  expect(await faults(page)).toEqual([]);
});

test("readers of news find the feed of all models, and on a model's page its own", async ({
  page,
}) => {
  for (const [path, files] of [
    ["", ["feed.xml"]],
    [model("silero-vad"), ["feed.xml", "feeds/silero-vad.xml"]],
  ] as const) {
    await page.goto(path);
    const links = page.locator('link[rel=alternate][type="application/atom+xml"]');
    const addresses = await links.evaluateAll((all) =>
      all.map((link) => (link as HTMLLinkElement).href),
    );
    const feeds = files.map((file) => new URL(`/modelhub/api/v1/${file}`, page.url()).href);
    expect(addresses).toEqual(feeds);
    for (const feed of feeds)
      expect(await (await page.request.get(feed)).text()).toContain("<entry>");
  }
});

test("robots find the sitemap, and in it every kind of page", async ({ page }) => {
  const robots = await (await page.request.get("robots.txt")).text();
  expect(robots).toContain("Sitemap: https://modelhub-registry.github.io/modelhub/sitemap.xml");
  const sitemap = await (await page.request.get("sitemap.xml")).text();
  for (const path of ["docs/use/", "benchmarks/imagenet/", "collections/first-steps/", "queue/"])
    expect(sitemap).toContain(`/modelhub/${path}</loc>`);
});

test("a person's page has the ORCID that the models know", async ({ page }) => {
  await page.goto("people/mingxing-tan/");
  await expect(page.getByRole("link", { name: "ORCID 0000-0002-1825-0097" })).toBeVisible();
  await expect(page.locator(".rows h2")).toHaveCount(1);
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("guides, benchmarks and queue read as they do with it", async ({ page }) => {
    await page.goto("docs/use/");
    await expect(page.locator("pre", { hasText: "docker run --rm -i" })).toBeVisible();
    await page.goto("benchmarks/imagenet/");
    await expect(page.getByRole("row", { name: /EfficientNet-Lite0/ })).toBeVisible();
    await expect(page.locator("circle.measured").first()).toBeVisible();
  });
});
