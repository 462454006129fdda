import { spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { root } from "./home.ts";

/**
 * Each folder of e2e/cases is a story: `args` is the command, the other files are laid over e2e/base,
 * `<name>.patch.json` is merged into `<name>.json` (null removes a key), `removed` names files that go,
 * `linked` symbolic links as `<path> -> <target>`,
 * and `expected.txt` is what a person reads. `UPDATE=1 vitest run ci/check.test.ts` writes it anew.
 */
const stories = join(import.meta.dirname, "e2e");
const { UPDATE: isUpdate } = process.env;
const cases = readdirSync(join(stories, "cases")).sort();
const temporary = mkdtempSync(join(tmpdir(), "modelhub-check-"));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

describe("check", () => {
  test.concurrent.each(cases)("%s", async (name) => {
    const story = join(stories, "cases", name);
    const stage = setStage(story, join(temporary, name));
    const before = snapshot(stage.folder);

    const actual = await run(stage, readFileSync(join(story, "args"), "utf8").trim().split(/\s+/));

    const file = join(story, "expected.txt");
    if (isUpdate) writeFileSync(file, actual);
    expect(actual).toBe(existsSync(file) ? readFileSync(file, "utf8") : "");
    expect(snapshot(stage.folder)).toEqual(before);
  });

  test("every story ends as its name says", () => {
    for (const name of cases) {
      const exitCode = name.startsWith("valid-") ? 0 : name.startsWith("later-") ? 75 : 1;
      const text = readFileSync(join(stories, "cases", name, "expected.txt"), "utf8");
      expect(text.split("\n", 1), name).toEqual([`exit code ${exitCode}`]);
    }
  });
});

interface Stage {
  folder: string;
  revision: string;
}

const gitEnvironment = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_AUTHOR_DATE: "2026-01-01T00:00:00Z",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
  GIT_COMMITTER_DATE: "2026-01-01T00:00:00Z",
};

/** A registry and a contributor's repository, both under git; the registry's changes are not yet committed. */
function setStage(story: string, folder: string): Stage {
  const contribution = join(folder, "contribution");
  const registry = join(folder, "registry");
  cpSync(join(stories, "base"), folder, { recursive: true });
  lay(story, folder, "contribution");
  const revision = commit(contribution);
  rewrite(registry, (text) => text.replaceAll("REVISION", revision));
  writeFileSync(join(folder, ".gitignore"), "contribution/\n");
  commit(folder);
  lay(story, folder, "registry");
  return { folder, revision };
}

/** Puts the files of a story over those of the base. */
function lay(story: string, folder: string, part: "contribution" | "registry"): void {
  const own = join(story, part);
  for (const path of existsSync(own) ? filesBelow(own) : []) {
    const target = join(folder, part, path);
    mkdirSync(dirname(target), { recursive: true });
    if (path.endsWith(".patch.json")) {
      const patched = target.replace(/\.patch\.json$/, ".json");
      const merged = merge(readJson(patched), readJson(join(own, path)));
      writeFileSync(patched, `${JSON.stringify(merged, null, 2)}\n`);
    } else {
      cpSync(join(own, path), target);
    }
  }
  for (const path of linesOf(join(story, "removed")))
    if (path.startsWith(`${part}/`)) rmSync(join(folder, path));
  for (const line of linesOf(join(story, "linked"))) {
    const [path = "", target = ""] = line.split(" -> ");
    if (path.startsWith(`${part}/`)) symlinkSync(target, join(folder, path));
  }
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
}

/** JSON merge patch, RFC 7396. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = { ...(target as Record<string, unknown>) };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

function commit(folder: string): string {
  const git = (...args: string[]) => {
    const result = spawnSync("git", args, { cwd: folder, env: gitEnvironment, encoding: "utf8" });
    if (result.status !== 0) throw new Error(result.stderr);
    return result.stdout.trim();
  };
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message=All");
  return git("rev-parse", "HEAD");
}

/** Runs the program in the stage's folder; what it said, with the revision by name. */
async function run({ folder, revision }: Stage, args: string[]): Promise<string> {
  const program = spawn(
    process.execPath,
    [join(root, "client", "main.ts"), ...args, "--registry", "registry"],
    {
      cwd: folder,
      env: {
        ...gitEnvironment,
        MODELHUB_HOME: `${folder}.home`,
        NO_COLOR: "1",
        // The contributor's public repository is the one on stage.
        GIT_CONFIG_COUNT: "1",
        GIT_CONFIG_KEY_0: `url.file://${join(folder, "contribution")}.insteadOf`,
        GIT_CONFIG_VALUE_0: "https://example.org/tiny-net",
      },
    },
  );
  const said = { stdout: "", stderr: "" };
  program.stdout.setEncoding("utf8").on("data", (text) => {
    said.stdout += text;
  });
  program.stderr.setEncoding("utf8").on("data", (text) => {
    said.stderr += text;
  });
  const exitCode = await new Promise((resolve) => program.on("close", resolve));
  const text = [
    `exit code ${exitCode}\n`,
    said.stdout && `\nstdout\n\n${said.stdout}`,
    said.stderr && `\nstderr\n\n${said.stderr}`,
  ].join("");
  return text.replaceAll(revision, "REVISION").replaceAll(revision.slice(0, 12), "REVISION");
}

function rewrite(folder: string, change: (text: string) => string): void {
  for (const path of filesBelow(folder)) {
    const file = join(folder, path);
    writeFileSync(file, change(readFileSync(file, "utf8")));
  }
}

/** Path, size and time of every file, git's own apart. */
function snapshot(folder: string): string[] {
  return filesBelow(folder)
    .filter((path) => !/(^|\/)\.git\//.test(path))
    .map((path) => {
      const { size, mtimeMs } = lstatSync(join(folder, path));
      return `${path} ${size} ${mtimeMs}`;
    });
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => !item.isDirectory())
    .map((item) => join(item.parentPath, item.name).slice(folder.length + 1))
    .sort();
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, "utf8"));
}
