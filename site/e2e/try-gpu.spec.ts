import { join } from "node:path";
import { compareOutputs } from "#ci/compare.ts";
import config from "../playwright.config.ts";
import { expect, model } from "./test.ts";
import { predicted, result, run, test } from "./try.ts";
import { readConfig } from "./try-models.ts";

const launchOptions = config.use?.launchOptions;
// A graphics card made of software.
const drawing = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];
const args = (launchOptions?.args ?? []).filter((arg) => arg !== "--disable-gpu");
test.use({ launchOptions: { ...launchOptions, args: [...args, ...drawing] } });

test("WebGPU gives what the processor gives", async ({ page, place }) => {
  const id = "text-direction";
  await page.goto(model(id));
  await run(page);
  await expect(result(page)).toContainText("ran in this browser");
  const expected = Object.fromEntries(
    (await predicted(page)).map(({ name, prediction }) => [name, prediction]),
  );
  await page.getByRole("checkbox", { name: "on the graphics card" }).check();
  await expect(result(page)).toContainText("on the graphics card");
  const { outputs } = readConfig(join(place.models, id));
  const differences = compareOutputs(outputs, expected, await predicted(page));
  expect(differences.filter(({ passed }) => !passed)).toEqual([]);
});
