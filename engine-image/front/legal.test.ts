import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Config } from "#schema/config.ts";
import { bundled } from "../../ci/images/engine.ts";
import { readLegal } from "./legal.ts";
import { pythonLack } from "./tests/server.ts";

const files = {
  "COPYING.lesser": "copying",
  "LICENCE.rst": "licence",
  "LICENSE-weights.md": "weights",
  "NOTICE.md": "notice",
  "license/sample_data": "old samples",
  "licenses/data/deep.txt": "too deep",
  "licenses/fonts.txt": "fonts",
  "model.py": "pass",
};

describe("licences in a model's folder", () => {
  it("are found by their names, in the folder and in those of licences", () => {
    const { texts, model_license, sample_data_license } = readLegal({} as Config, model());
    expect(texts.map(({ file }) => file)).toEqual([
      ...["COPYING.lesser", "LICENCE.rst", "LICENSE-weights.md", "NOTICE.md"],
      ...["license/sample_data", "licenses/fonts.txt"],
    ]);
    expect([model_license, sample_data_license]).toEqual(["weights", "old samples"]);
  });

  it.skipIf(pythonLack)("are those that the command line prints", () => {
    const folder = model();
    const script =
      "import json, pathlib, sys; from modelhub.licenses import texts; print(json.dumps(texts(pathlib.Path(sys.argv[1]))))";
    const found = execFileSync(
      process.env["MODELHUB_PYTHON"] ?? "python3",
      ["-c", script, folder],
      {
        env: { ...process.env, PYTHONPATH: join(import.meta.dirname, "../python") },
        encoding: "utf8",
      },
    );
    expect(readLegal({} as Config, folder).texts).toEqual(JSON.parse(found));
  });

  it("aren't looked for in a file that is named like their folder", () => {
    const folder = mkdtempSync(join(tmpdir(), "legal-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, "license"), "a text");
    expect(readLegal({} as Config, folder).texts).toEqual([]);
  });

  it("are told beside what the engine contains", () => {
    const { modelhub_acknowledgements: told } = readLegal({} as Config, model());
    const words = told.toLowerCase().replaceAll(" ", "-");
    for (const name of bundled) expect(words).toContain(name.replace("-dist", ""));
  });
});

function model(): string {
  const folder = mkdtempSync(join(tmpdir(), "legal-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  symlinkSync("nowhere", join(folder, "LICENSE"));
  return folder;
}
