import { cpSync, existsSync } from "node:fs";
import { join } from "node:path";
import { ContributionError } from "#ci/errors.ts";
import { writeJson } from "#ci/files.ts";
import { root } from "#ci/home.ts";
import { run } from "#ci/process.ts";
import { engineOn, environment } from "./predict.ts";

const template = join(root, "contrib-template", "runtime");
const mostSamples = 5;

/**
 * Gives a repository of the first ModelHub.AI what a registration wants besides: a modelhub.json that
 * says what its config.json says, and a runtime folder. Its own files stay as they are. Returns what
 * was written.
 */
export async function adopt(folder: string, say: (line: string) => void): Promise<string[]> {
  const source = oldFolder(folder);
  const config = join(source, "modelhub.json");
  if (existsSync(config)) {
    throw new ContributionError({
      file: config,
      expected: "no config of today yet",
      got: "one",
      hint: `\`npx modelhub check ${source}\` says what it lacks`,
    });
  }
  const python = await environment(template, say);
  const text = await run(python, ["-m", "modelhub", "config"], { env: engineOn(source) });
  writeJson(config, completed(JSON.parse(text)));
  const runtime = join(source, "runtime");
  if (existsSync(runtime)) return [config];
  cpSync(template, runtime, { recursive: true });
  return [config, runtime];
}

/** The folder with the old config: contrib_src, or the folder itself. */
function oldFolder(folder: string): string {
  const places = [join(folder, "contrib_src"), folder];
  const found = places.find((place) => existsSync(join(place, "model", "config.json")));
  if (found) return found;
  throw new ContributionError({
    file: folder,
    expected: "a repository of the first ModelHub.AI, with contrib_src/model/config.json",
    got: "none",
    hint: "contrib-template/README.md is the way for all others",
  });
}

interface OldConfig {
  samples: unknown[];
  publications?: { authors?: string }[];
  [key: string]: unknown;
}

/** The config with its authors as persons, and no more samples than a test wants. */
function completed({ samples, ...config }: OldConfig): OldConfig {
  const names = config.publications?.[0]?.authors?.split(/\s*,\s*|\s+and\s+/) ?? [];
  const authors = names.flatMap((name) => {
    const words = name.trim().split(/\s+/);
    const [given, family] = [words.slice(0, -1).join(" "), words.at(-1)];
    return given && family ? [{ given, family }] : [];
  });
  return { ...config, authors, samples: samples.slice(0, mostSamples) };
}
