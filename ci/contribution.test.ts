import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readContribution } from "./contribution.ts";
import type { Problem } from "./problems.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelhub-contribution-"));
  cpSync(join(import.meta.dirname, "e2e", "base", "contribution"), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function add(path: string, content = ""): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function problems(): string[] {
  return readContribution(folder, { shown: "tiny" }).problems.map(line);
}

function line({ file, key, expected, got }: Problem): string {
  return `${file} ${key ?? "-"}: ${expected} | ${got}`;
}

describe("readContribution", () => {
  test("gives the config and the files, sorted, with modes as git has them", () => {
    chmodSync(join(folder, "model.py"), 0o755);
    symlinkSync("scale.txt", join(folder, "weights", "latest.txt"));
    mkdirSync(join(folder, ".git"));
    add(".git/config", "[core]");
    const { config, configText, files, problems } = readContribution(folder);
    expect(problems).toEqual([]);
    expect(config?.id).toBe("tiny-net");
    expect(configText).toContain('"tiny-net"');
    expect(files.map(({ path, mode }) => `${mode.toString(8)} ${path}`)).toEqual([
      "100644 LICENSE",
      "100755 model.py",
      "100644 modelhub.json",
      "100644 runtime/Dockerfile",
      "100644 samples/grey.expected.json",
      "100644 samples/grey.png",
      "120000 weights/latest.txt",
      "100644 weights/scale.txt",
    ]);
    expect(files.at(-1)?.bytes).toBe(4);
  });

  test("keeps the right keys of a config that is wrong elsewhere", () => {
    add("modelhub.json", '{"title": 7, "id": "tiny-net", "x-a": 1, "what": 2}');
    const { config, parts, problems } = readContribution(folder);
    expect(config).toBeUndefined();
    expect(parts).toEqual({ id: "tiny-net" });
    expect(problems.length).toBeGreaterThan(5);
  });

  test.each([
    ["absolute", "/etc/hostname", "a link to an absolute path"],
    ["leaving", "../../..", "a link that leaves it"],
    ["about the folder above", "../..", "a link that leaves it"],
    ["dangling", "nothing", "a link to nothing"],
    ["about itself", "..", "a link to the folder itself"],
    ["into .git", "../.git/config", "a link into .git"],
  ])("refuses a link that is %s", (_, target, got) => {
    add(".git/config");
    symlinkSync(target, join(folder, "samples", "link"));
    expect(problems()).toEqual([`tiny/samples/link -: a link to a file of the folder | ${got}`]);
  });

  test("does not walk through a link to a folder", () => {
    symlinkSync("../samples", join(folder, "weights", "samples"));
    const paths = readContribution(folder).files.map(({ path }) => path);
    expect(paths.filter((path) => path.startsWith("weights/"))).toEqual([
      "weights/samples",
      "weights/scale.txt",
    ]);
  });

  test("does not read a config behind a link", () => {
    rmSync(join(folder, "modelhub.json"));
    symlinkSync("samples/grey.expected.json", join(folder, "modelhub.json"));
    expect(problems()).toEqual([
      "tiny/modelhub.json -: the config of the model | a link or a folder",
    ]);
  });

  test("refuses submodules", () => {
    add(".gitmodules", "[submodule]");
    add("lib/.git", "gitdir: ../.git/modules/lib");
    expect(problems()).toEqual([
      "tiny/.gitmodules -: all files in this repository | a git submodule",
      "tiny/lib/.git -: all files in this repository | a git submodule",
    ]);
  });

  test("refuses pipes and other devices, without opening them", () => {
    spawnSync("mkfifo", [join(folder, "pipe")]);
    expect(problems()).toEqual(["tiny/pipe -: a file, folder or link | a device, pipe or socket"]);
  });

  test("refuses names that a config cannot hold", () => {
    add("a\\b");
    add("a\nb");
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff])]), "");
    expect(problems()).toHaveLength(3);
    expect(problems()[0]).toContain("a name in UTF-8 without backslashes and control characters");
  });

  test("stops where there are too many files", () => {
    const { files, problems } = readContribution(folder, { shown: "tiny", maxFiles: 3 });
    expect(problems.map(line)).toEqual(["tiny -: at most 3 files | more"]);
    expect(files).toHaveLength(3);
  });

  test("leaves out what git ignores, on the author's machine", () => {
    spawnSync("git", ["init", "--quiet"], { cwd: folder });
    add(".gitignore", "build/\n*.log\n");
    add("build/out.bin");
    add("a.log");
    const paths = (skipIgnored: boolean) =>
      readContribution(folder, { skipIgnored }).files.map(({ path }) => path);
    expect(paths(true)).not.toContain("build/out.bin");
    expect(paths(true)).not.toContain("a.log");
    expect(paths(true)).toContain(".gitignore");
    expect(paths(false)).toContain("build/out.bin");
  });

  test("says so when there is no config", () => {
    rmSync(join(folder, "modelhub.json"));
    expect(problems()).toEqual(["tiny/modelhub.json -: the config of the model | nothing"]);
  });
});
