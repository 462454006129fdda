import { models } from "./catalog.ts";
import { expect, expectCopied, model, test } from "./test.ts";

const built = models
  .flatMap(({ versions }) => versions)
  .find(({ id, version }) => id === "efficientnet-lite0" && version === "1.1.0")?.built;

test("copies the line that runs the image by its digest, and says so", async ({ page }) => {
  await page.goto(model("efficientnet-lite0"));
  const line = `docker run --rm -i ${built?.image} predict - < photo.jpg`;
  await expectCopied(page, "Copy: Predict one file", line);
});

test("copies BibTeX of the model and its publication", async ({ page }) => {
  await page.goto(model("efficientnet-lite0"));
  const parts = ["@software{efficientnet-lite0-1.1.0,", "eprint = {1905.11946}"];
  await expectCopied(page, "Copy: BibTeX", ...parts);
});

test("a phone's first screen has size and licence, and a step to the run line and the citation", async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(model("efficientnet-lite0/1.0.0"));
  for (const text of [/MB to download$/, "weights Apache-2.0"])
    await expect(page.locator(".first-steps li").filter({ hasText: text })).toBeInViewport();
  await page.getByRole("link", { name: "Run", exact: true }).click();
  await expect(page.getByText("docker run --rm -i")).toBeInViewport();
  await page.goBack();
  await page.getByRole("link", { name: "Cite 1.0.0" }).click();
  await expect(page.getByText("version = {1.0.0}")).toBeInViewport();
});

test("leads to its task and its people", async ({ page }) => {
  await page.goto(model("efficientnet-lite0"));
  await page.getByRole("link", { name: "Image classification" }).click();
  await expect(page).toHaveURL(/tasks\/image-classification\/$/);
  await page.goBack();
  await page.locator("#people").getByRole("link", { name: "Mingxing Tan" }).first().click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Mingxing Tan");
});

test("tells all in the order that a reader needs it", async ({ page }) => {
  await page.goto(model("efficientnet-lite0"));
  await expect(page.getByRole("heading", { level: 2 })).toHaveText([
    "What it does",
    "Try it",
    "Run",
    "What it is",
    "People",
    "Publication",
    "Inputs and outputs",
    "Network",
    "Measured",
    "Performance",
    "Intended use and limits",
    "Provenance and training",
    "Licences",
    "Files and weights",
    "Digests",
    "Known vulnerabilities",
    "Source",
    "Versions",
    "Cite",
  ]);
  await expect(page.getByText("all 2 samples reproduced")).toBeVisible();
  await expect(page.getByRole("row", { name: /linux\/arm64 emulated/ })).toBeVisible();
});

test("tells when and on what it was tested, and how the tests before and since went", async ({
  page,
}) => {
  await page.goto(model("efficientnet-lite0"));
  await expect(page.locator(".status")).toContainText("tested 2026-05-17 on linux/amd64");
  await expect(page.locator(".status")).toContainText("again on 2026-06-02");
  const section = page.locator("#measured");
  await expect(section).toContainText("tested 2026-05-17 on 2 cores of AMD EPYC 7763");
  await section.getByText("4 tests of this version").click();
  await expect(section.getByRole("group", { name: "Tests" }).getByRole("row")).toContainText([
    "Day",
    /2026-06-02\s*linux\/amd64\s*passed\s*15.ms\s*0\.1\.0/,
    /2026-05-17\s*linux\/amd64\s*passed\s*14.ms/,
    /2026-05-17\s*linux\/arm64\s*emulated/,
    /not noted\s*linux\/amd64\s*failed\s*no answer\s*0\.0\.9/,
  ]);
  await page.goto(model("squeezenet"));
  await expect(section).toContainText("not noted when");
  await expect(section).not.toContainText("tests of this version");
});

test("says at its head that it failed when it was tested again", async ({ page }) => {
  await page.goto(model("general-purpose-self-supervised-embeddings-of-very-large-images"));
  await expect(page.locator(".status .bad")).toHaveText("Built");
  await expect(page.locator(".status")).toContainText("failed on 2026-06-03");
});

test("tells what is known against the packages of its image, or that nobody has looked", async ({
  page,
}) => {
  await page.goto(model("efficientnet-lite0"));
  const section = page.locator("#vulnerabilities");
  await expect(section).toContainText(
    "Scanned on 2026-05-18 against the OSV database of 2026-05-17: 1 high, 1 without a score in 96 packages of the image.",
  );
  await section.getByText("2 findings").click();
  await expect(section.getByRole("row")).toContainText([
    "Severity",
    /urllib3 2\.5\.0\s*GHSA-2xpw-w6gg-jr37, CVE-2025-66471.*high\s*2\.6\.0/s,
    /pillow 9\.5\.0\s*PYSEC-2023-175\s*unknown\s*10\.0\.1/,
  ]);
  await page.goto(model("efficientnet-lite0/1.0.0"));
  await expect(section).toContainText("Not scanned");
});

test("hands out the sample's input and the version as JSON", async ({ page, request }) => {
  await page.goto(model("efficientnet-lite0"));
  const sample = await page
    .getByRole("link", { name: "Download image" })
    .first()
    .getAttribute("href");
  const json = await page.getByRole("link", { name: "this version as JSON" }).getAttribute("href");
  for (const address of [sample, json]) {
    expect((await request.get(new URL(address ?? "", page.url()).href)).status()).toBe(200);
  }
});

test("has the lines of other programs, what can be had again, and where to complain", async ({
  page,
}) => {
  await page.goto(model("efficientnet-lite0"));
  await page.getByText("Python, folders, Podman, Apptainer, Kubernetes").click();
  const image = built?.image ?? "";
  for (const start of [
    "podman run --rm -i ",
    "apptainer run docker://",
    "kubectl create deployment",
  ])
    await expect(page.locator("#run pre", { hasText: start })).toContainText(image);
  await page.getByText("Reproducibility: 9 of 12").click();
  await expect(page.locator(".checklist .mark", { hasText: /^no$/ })).toHaveCount(3);
  const problem = page.getByRole("link", { name: "Report a problem" });
  await expect(problem).toHaveAttribute("href", /\/issues\/new\?title=efficientnet-lite0\+1\.1\.0/);
  await page.getByRole("navigation", { name: "On this page" }).getByText("Licences").click();
  await expect(page).toHaveURL(/#licences$/);
});

test("a model that a browser can't run says why", async ({ page }) => {
  await page.goto(model("efficientnet-lite0"));
  await expect(page.locator("#try")).toContainText("it has code of its own, in model.py");
});

test("machines read who made it and what it is", async ({ page }) => {
  await page.goto(model("cell-counter"));
  const data = await page.locator('script[type="application/ld+json"]').textContent();
  expect(JSON.parse(data ?? "")).toMatchObject({
    name: 'Cells <b>counted</b> & "typed"',
    version: "0.1.0-beta.1",
  });
  await expect(page.locator('meta[name="citation_author"]')).toHaveAttribute(
    "content",
    "O'Hara_{}, Zoë",
  );
  await expect(page.locator('meta[name="citation_doi"]')).toHaveCount(0);
});

test("shows hostile text as the text it is", async ({ page }) => {
  await page.goto(model("cell-counter"));
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Cells <b>counted</b>");
  await expect(page).toHaveTitle(/^Cells <b>counted<\/b>/);
  const about = page.locator("#about");
  await expect(about.locator("script, img, b")).toHaveCount(0);
  await expect(about.getByRole("link")).toHaveText(["a good one"]);
  await expect(about.getByRole("link")).toHaveAttribute("rel", "noopener nofollow");
});

test("every link that leaves the site is https, and search engines don't follow it", async ({
  page,
}) => {
  for (const id of ["efficientnet-lite0", "cell-counter", "leaf-disease"]) {
    await page.goto(model(id));
    const links = await page.locator("article a[href]").evaluateAll((all) =>
      all.map((link) => ({
        href: (link as HTMLAnchorElement).href,
        rel: link.getAttribute("rel"),
      })),
    );
    const outside = links.filter(({ href }) => !href.startsWith(new URL(page.url()).origin));
    expect(outside.length).toBeGreaterThan(0);
    expect(
      outside.filter(
        ({ href, rel }) => !href.startsWith("https://") || rel !== "noopener nofollow",
      ),
    ).toEqual([]);
  }
});

test.describe("without script", () => {
  test.use({ javaScriptEnabled: false });

  test("shows labels with their probabilities", async ({ page }) => {
    await page.goto(model("efficientnet-lite0"));
    const sample = page.getByRole("figure").filter({ hasText: "A cup of coffee" });
    await expect(sample.getByRole("img", { name: /A cup of coffee/ })).toBeVisible();
    await expect(sample.getByRole("listitem").first()).toContainText("espresso96.1");
    await expect(page.getByRole("button", { name: /^Copy/ })).toHaveCount(0);
  });

  test("shows outputs of every type, in words where it has no drawing", async ({ page }) => {
    await page.goto(model("cell-counter"));
    const sample = page.locator("#samples");
    await expect(sample.getByRole("table", { name: "Cells" })).toContainText("120.5");
    await expect(sample).toContainText("Two cells <b>divide</b>.");
    await expect(sample).toContainText('"parents"');
    await expect(sample.getByRole("img", { name: /^Stained/ })).toHaveJSProperty("naturalWidth", 1);
    await expect(sample).toContainText("Mask of 240 × 320");
    await expect(sample.getByRole("img", { name: "1 found" }).locator("polygon")).toHaveCount(1);
    await expect(sample.getByRole("img", { name: "Mask: cytoplasm <b> 25.0" })).toBeVisible();
    await expect(sample.locator(".legend")).toContainText(["cytoplasm <b>", "cell 90.0"]);
  });

  test("draws a vector and the sound that it came from", async ({ page }) => {
    await page.goto(model("silero-vad"));
    await expect(page.getByRole("img", { name: /31 numbers of speech/ })).toBeVisible();
    await expect(page.getByRole("img", { name: /Two words/ })).toBeVisible();
    await page.getByText("Numbers", { exact: true }).click();
    await expect(page.locator(".numbers")).toContainText("0.02");
  });
});

test("a model's address and its newest version are one page, which names the former", async ({
  page,
}) => {
  for (const [path, address] of [
    ["efficientnet-lite0", "efficientnet-lite0/"],
    ["efficientnet-lite0/1.1.0", "efficientnet-lite0/"],
    ["efficientnet-lite0/1.0.0", "efficientnet-lite0/1.0.0/"],
  ] as const) {
    await page.goto(model(path));
    const canonical = page.locator("link[rel=canonical]");
    await expect(canonical).toHaveAttribute("href", new RegExp(`/modelhub/models/${address}$`));
  }
});
