import { readdirSync } from "node:fs";
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

test("a list of models of which none is built says what to do", async () => {
  const folder = join(root, "registry");
  const { stdout, stderr } = await modelhub("list", "--registry", folder);
  expect(stdout).toBe("");
  expect(stderr).toBe(
    "nothing is built yet\n  hint: ./scripts/demo builds the models on this machine",
  );
});
