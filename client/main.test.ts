import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { root } from "#ci/home.ts";

function modelhub(...args: string[]) {
  const main = join(root, "client", "main.ts");
  return execa(process.execPath, [main, ...args], {
    cwd: root,
    reject: false,
    env: { NO_COLOR: "1" },
  });
}

test("help lists every verb on one screen", async () => {
  const { stdout, exitCode } = await modelhub("--help");
  expect(exitCode).toBe(0);
  const verbs = [...stdout.matchAll(/^ {2}([a-z]+) \[?/gm)].map(([, verb]) => verb);
  expect(verbs).toEqual(
    "check plan build restack test publish lock catalog pipeline list verify remove upstream scan release site serve inspect predict samples adopt benchmark schema help".split(
      " ",
    ),
  );
  expect(stdout.split("\n").length).toBeLessThan(36);
});

test("an unknown option is refused with the nearest one, and exit code 2", async () => {
  const { stderr, exitCode } = await modelhub("plan", "--registrx", "x");
  expect(stderr).toBe(
    "error: unknown option '--registrx'\n(Did you mean --registry?)\n" +
      "`modelhub --help` lists the verbs, `modelhub VERB --help` their options.",
  );
  expect(exitCode).toBe(2);
});

test("a registry that is not there is told with its file, and exit code 1", async () => {
  const { stderr, exitCode } = await modelhub("plan", "--registry", "/nowhere");
  expect(stderr).toBe("/nowhere/registry.json\n  expected a file, got nothing");
  expect(exitCode).toBe(1);
});

test("publishing what was not tested is refused, with the command that comes before", async () => {
  const { stderr, exitCode } = await modelhub("publish", "silero-vad", "--work", "/nonexistent");
  expect(stderr).toContain("`build` has not run for its present inputs");
  expect(stderr).toContain("hint: `modelhub build silero-vad@");
  expect(exitCode).toBe(2);
});

test("with --keep-going and no name, each model that is offered is tried, and the worst code is the end's", async () => {
  const { stderr, exitCode } = await modelhub("publish", "--keep-going", "--work", "/nonexistent");
  const tried = [...stderr.matchAll(/^(\S+)@\S+: failed$/gm)].map(([, id]) => id);
  expect(tried).toEqual(readdirSync(join(root, "registry", "models")).sort());
  expect(exitCode).toBe(2);
});

test.runIf(process.platform === "linux")(
  "output that finds no room, and files that may not be opened, are told as the machine's",
  async () => {
    const main = `${process.execPath} client/main.ts`;
    const shell = (command: string) => execa("sh", ["-c", command], { cwd: root, reject: false });
    const full = await shell(`${main} reference > /dev/full`);
    expect(full.stderr).toMatch(/^this machine: no space left on device\n {2}hint: `df -h` tells/);
    expect(full.exitCode).toBe(2);
    const unmade = await shell(`TMPDIR=/proc/none ${main} plan`);
    expect(unmade.stderr).toMatch(/^\/proc\/none\/\S+: no such file or directory\n {2}hint: /);
    expect(unmade.exitCode).toBe(2);
  },
);

test("a number that is none is refused, and exit code 2", async () => {
  for (const args of [
    ["verify", "--sample", "abc"],
    ["serve", "--port", "0"],
  ]) {
    const { stderr, exitCode } = await modelhub(...args);
    expect(stderr).toContain("expected a whole number of 1 or more");
    expect(exitCode).toBe(2);
  }
});

test("whoever has enough of the output, such as `head`, gets no words about it", async () => {
  const main = join(root, "client", "main.ts");
  const { stderr } = await execa("sh", ["-c", `"${process.execPath}" "${main}" reference | true`]);
  expect(stderr).toBe("");
});

test("a day without the minutes of its night is refused, and exit code 2", async () => {
  const { stderr, exitCode } = await modelhub("upstream", "--day", "2026-01-31");
  expect(stderr).toBe("expected --minutes with --day 2026-01-31, such as --minutes 120");
  expect(exitCode).toBe(2);
});

test("a site without its catalog is not built, and the verb before is named", async () => {
  const { stderr, exitCode } = await modelhub("site", "--catalog", "/nowhere");
  expect(stderr).toMatch(
    /^\/nowhere\n {2}expected a catalog with api\/v1\/models\.json, got nothing\n {2}hint: `npx modelhub catalog`/,
  );
  expect(exitCode).toBe(1);
});

test("a site that is not built is not served, and its folder is told", async () => {
  const { stderr, exitCode } = await modelhub("serve", "/nowhere");
  expect(stderr).toMatch(/^\/nowhere\n {2}expected a built site with index\.html, got nothing\n/);
  expect(exitCode).toBe(1);
});

test("a restack where nothing is published says that, and what publishes", async () => {
  const { stderr } = await modelhub("restack", "--registry", join(root, "registry"));
  expect(stderr).toBe(
    "nothing is published yet, so there is no image to restack\n" +
      "  hint: `modelhub pipeline` builds and publishes what is registered",
  );
});

test("the name and the day of a release are both told when both are wrong", async () => {
  const { stderr, exitCode } = await modelhub("release", "bad name", "--date", "today");
  expect(stderr).toContain('expected a day such as 2026-01-31, got "today"');
  expect(stderr).toContain(
    'expected a name such as v2026.1, of v and one to three numbers, got "bad name"',
  );
  expect(exitCode).toBe(1);
});

test("a release that nobody froze is told by its name", async () => {
  const { stderr } = await modelhub("verify", "--release", "v9", "--registry", "registry");
  expect(stderr).toBe(
    'registry/releases\n  expected a release of this registry, got "v9"\n' +
      "  hint: none is frozen yet; `modelhub release` freezes the locks of today",
  );
});

test("a list of models of which none is built says what to do", async () => {
  const folder = join(root, "registry");
  const { stdout, stderr } = await modelhub("list", "--registry", folder);
  expect(stdout).toBe("");
  expect(stderr).toBe(
    "nothing is built yet\n  hint: ./scripts/demo builds the models on this machine",
  );
});

test.each(["build", "publish", "lock --keep-going", "verify", "scan"])(
  "%s in a registry without models says that there is nothing to do",
  async (line) => {
    const folder = mkdtempSync(join(tmpdir(), "modelhub-empty-"));
    cpSync(join(root, "registry", "registry.json"), join(folder, "registry.json"));
    const { stderr, exitCode } = await modelhub(...line.split(" "), "--registry", folder);
    rmSync(folder, { recursive: true });
    expect(stderr).toMatch(/^nothing (to do: the registry offers no|to verify|is published)/);
    expect(exitCode).toBe(0);
  },
);
