import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { withFiles } from "#ci/arrays.ts";
import { compareOutputs } from "#ci/compare.ts";
import type { Config } from "#schema/config.ts";
import { startServer, type TestServer } from "../../engine-image/front/tests/server.ts";
import { expect, model } from "./test.ts";
import { askEngine, predicted, result, run, test } from "./try.ts";
import { hasExpected, readConfig, realIds } from "./try-models.ts";

for (const id of realIds)
  test(`${id}: this browser gives what the container gives, on every sample`, async ({
    page,
    place,
  }) => {
    const folder = join(place.models, id);
    const { outputs, samples } = readConfig(folder);
    const engine = hasExpected(folder) ? undefined : await startServer(folder);
    await page.goto(model(id));
    await run(page);
    for (const sample of samples) {
      await page.getByRole("button", { name: sample.title, exact: true }).click();
      await expect(result(page)).toContainText("ran in this browser");
      const expected = engine ? await asked(engine, folder, sample) : author(folder, sample);
      const differences = compareOutputs(outputs, expected, await predicted(page));
      expect(differences.filter(({ passed }) => !passed)).toEqual([]);
    }
    await engine?.stop();
  });

type Sample = Config["samples"][number];

/** What the author says that a container gives; the pipeline holds each image to it. */
function author(folder: string, { expected }: Sample): Record<string, unknown> {
  const values = JSON.parse(readFileSync(join(folder, expected), "utf8"));
  return withFiles(readConfig(folder).outputs, values, folder);
}

/** What the engine itself gives. */
function asked(
  engine: TestServer,
  folder: string,
  sample: Sample,
): Promise<Record<string, unknown>> {
  const body = new FormData();
  for (const [id, file] of Object.entries(sample.inputs))
    body.append(id, new Blob([readFileSync(join(folder, file))]), basename(file));
  return askEngine(engine, { method: "POST", body });
}
