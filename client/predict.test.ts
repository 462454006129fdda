import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { root } from "#ci/home.ts";
import { environment, predict } from "./predict.ts";

const folder = mkdtempSync(join(tmpdir(), "modelhub-predict-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

function requirements(line: string): string {
  writeFileSync(join(folder, "requirements.txt"), `${line}\n`);
  return folder;
}

test("a package that pip can't find is told with the file that names it", async () => {
  vi.stubEnv("PIP_NO_INDEX", "1");
  const installing = environment(requirements("no-such-package==1.0"), () => {});
  await expect(installing).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(/requirements\.txt\n.*no-such-package==1\.0.*hint: the image/s),
  });
});

test("packages that can't be had without a network are a reason to try again", async () => {
  vi.stubEnv("PIP_INDEX_URL", "https://127.0.0.1:9/simple");
  vi.stubEnv("PIP_RETRIES", "1");
  const installing = environment(requirements("no-such-package==1.0"), () => {});
  await expect(installing).rejects.toMatchObject({
    exitCode: 75,
    message: expect.stringMatching(/^no network: .*requirements\.txt$/),
  });
});

test("a model that ends its process is told, as it says nothing itself", async () => {
  const template = join(root, "contrib-template");
  const model = join(folder, "model");
  const filter = (path: string) => !path.endsWith("/examples");
  cpSync(template, model, { recursive: true, filter });
  const code = "import os\ndef load(context): os._exit(5)\ndef infer(model, image): ...\n";
  writeFileSync(join(model, "model.py"), code);
  const said: string[] = [];
  const sample = join(model, "samples", "seven.png");
  expect(await predict(model, ["predict", sample], (line) => said.push(line))).toBe(5);
  expect(said.at(-1)).toBe("the process of the model ended with exit code 5");
});
