import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compareOutputs } from "#ci/compare.ts";
import { startServer } from "../../engine-image/front/tests/server.ts";
import { expect, faults, model, view, views } from "./test.ts";
import { askEngine, predicted, result, run, test } from "./try.ts";
import { readConfig, tinyIds } from "./try-models.ts";

const sample = (file: string) => fileURLToPath(new URL(`samples/${file}`, import.meta.url));

for (const id of tinyIds)
  test(`${id}: this browser gives what the engine gives`, async ({ page, place }) => {
    const folder = join(place.models, id);
    const { outputs } = readConfig(folder);
    const engine = await startServer(folder);
    await page.goto(model(id));
    await run(page);
    // The second is a photograph that lies on its side; EXIF says how it stands upright.
    for (const file of ["blocks.png", "turned.jpg"]) {
      await page.locator("input[type=file]").setInputFiles(sample(file));
      await expect(page.getByRole("img", { name: file }).first()).toBeVisible();
      await expect(result(page)).toContainText("ran in this browser");
      const body = readFileSync(sample(file));
      const expected = await askEngine(engine, { method: "POST", body });
      const differences = compareOutputs(outputs, expected, await predicted(page));
      expect(differences.filter(({ passed }) => !passed)).toEqual([]);
    }
    await engine.stop();
  });

test("a file of one's own goes nowhere: nothing is sent, and nothing but this site is asked", async ({
  page,
  complaints,
}) => {
  await page.goto(model("no-code-labels"));
  await run(page);
  await expect(result(page)).toContainText("ran in this browser");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(`${request.method()} ${request.url()}`));
  await page.locator("input[type=file]").setInputFiles(sample("turned.jpg"));
  await expect(page.getByRole("img", { name: "turned.jpg" })).toBeVisible();
  await expect(result(page)).toContainText("ran in this browser");
  // What the page makes of the file has addresses within the page only.
  expect(asked.filter((request) => !request.startsWith("GET blob:"))).toEqual([]);
  expect(complaints).toEqual([]);
});

test("loads nothing before it is asked to, and the weights only once", async ({ page }) => {
  const requested: string[] = [];
  page.on("request", (request) => requested.push(new URL(request.url()).pathname));
  await page.goto(model("no-code-labels"));
  expect(requested.filter((path) => /wasm|weights|worker|panel|\.json$/.test(path))).toEqual([]);
  await run(page);
  await expect(result(page)).toContainText("ran in this browser");
  expect(requested.filter((path) => path.endsWith(".onnx"))).toHaveLength(1);
  await page.reload();
  await run(page);
  await expect(result(page)).toContainText("ran in this browser");
  expect(requested.filter((path) => path.endsWith(".onnx"))).toHaveLength(1);
});

test("refuses weights that are not the published ones", async ({ page }) => {
  await page.route("**/*.onnx", (route) => route.fulfill({ body: "something else" }));
  await page.goto(model("no-code-labels"));
  await run(page);
  await expect(result(page).getByRole("alert")).toContainText("Expected SHA-256 fe683c69");
  // They are not kept either.
  await page.unroute("**/*.onnx");
  await page.getByRole("button", { name: "Blocks of colour" }).click();
  await expect(result(page)).toContainText("ran in this browser");
});

test("gives up when asked to, and begins anew", async ({ page }) => {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  await page.route("**/*.onnx", async (route) => {
    await released;
    await route.continue().catch(() => {});
  });
  await page.goto(model("no-code-labels"));
  await run(page);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByText("Cancelled.")).toBeVisible();
  release();
  await page.unroute("**/*.onnx");
  await page.getByRole("button", { name: "Blocks of colour" }).click();
  await expect(result(page)).toContainText("ran in this browser");
});

test("says what is wrong with a file", async ({ page }) => {
  await page.goto(model("no-code-labels"));
  await run(page);
  await expect(result(page)).toContainText("ran in this browser");
  const file = { name: "notes.png", mimeType: "image/png", buffer: Buffer.from("no picture") };
  await page.locator("input[type=file]").setInputFiles(file);
  await expect(result(page).getByRole("alert")).toContainText(
    "notes.png: it is no picture that this browser reads. “image” takes image/png or image/jpeg.",
  );
});

test("runs on one's own machine, and draws what the container gives", async ({ page, place }) => {
  const engine = await startServer(join(place.models, "no-code-mask"), {
    MODELHUB_CORS: new URL(place.url).origin,
  });
  await page.route(`${engine.url}/**`, (route) => route.continue());
  await page.goto(model("no-code-mask"));
  await expect(page.locator("#try-command")).toContainText(
    /MODELHUB_CORS=https:\/\/example.org .+@sha256:/,
  );
  await page.getByRole("textbox", { name: "Address" }).fill(engine.url);
  await page.getByRole("button", { name: "Run on this machine" }).click();
  await expect(result(page)).toContainText(`at ${engine.url}/`);
  await expect(
    result(page).getByRole("img", { name: /^Mask: red .+ %, green .+ %$/ }),
  ).toBeVisible();
  await engine.stop();
});

test("says that another model answers", async ({ page, place }) => {
  const engine = await startServer(join(place.models, "no-code-mask"), { MODELHUB_CORS: "*" });
  await page.route(`${engine.url}/**`, (route) => route.continue());
  await page.goto(model("no-code-labels"));
  await page.getByRole("textbox", { name: "Address" }).fill(engine.url);
  await page.getByRole("button", { name: "Run on this machine" }).click();
  await expect(result(page).getByRole("alert")).toContainText("Another model answers there");
  await engine.stop();
});

for (const one of views)
  test(`axe finds nothing after a run: ${one.colorScheme}, ${one.width} px`, async ({ page }) => {
    await view(page, one);
    await page.goto(model("no-code-boxes"));
    await run(page);
    await expect(result(page)).toContainText("ran in this browser");
    expect(await faults(page)).toEqual([]);
  });
