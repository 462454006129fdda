import {
  appendFileSync,
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { commitAll } from "../e2e/commit.ts";
import { writeJson } from "../files.ts";
import { root } from "../home.ts";

/** Where set-up put act; undefined where it found no Go to build it with. */
export const act =
  process.env["MODELHUB_WORKFLOW_TOOLS"] && `${process.env["MODELHUB_WORKFLOW_TOOLS"]}/act`;

const stubs = join(import.meta.dirname, "stubs");

/**
 * A small repository with the real .github and a registry, whose workflows act runs on this machine.
 * Verbs are the real program; set-up and services are there already, and artifacts are folders.
 */
export class Repository {
  readonly folder = mkdtempSync(join(tmpdir(), "modelhub-act-"));
  readonly artifacts = join(this.folder, "artifacts");
  /** What stands for GitHub's copy: jobs push here. */
  readonly origin = join(this.folder, "origin.git");
  readonly checkout = join(this.folder, "checkout");
  readonly #bin = join(this.folder, "bin");
  readonly #offered: string[] = [];
  /** Environment of every step. */
  env: Record<string, string> = { STUB_ARTIFACTS: this.artifacts, MODELHUB_REGISTRY: "registry" };

  /** Writes files and commits them. Returns the commit. */
  async commit(files: Record<string, unknown>): Promise<string> {
    for (const [path, content] of Object.entries(files))
      writeJson(join(this.checkout, path), content);
    return commitAll(this.checkout);
  }

  /** Removes a folder and commits that. */
  async remove(path: string): Promise<void> {
    rmSync(join(this.checkout, path), { recursive: true });
    await this.commit({});
  }

  async open(): Promise<this> {
    cpSync(join(root, ".github"), join(this.checkout, ".github"), { recursive: true });
    for (const script of ["setup", "services"])
      program(join(this.checkout, "scripts", script), "exit 0");
    const main = `exec "${process.execPath}" "${root}/client/main.ts" "$@"`;
    program(join(this.checkout, "scripts", "modelhub"), main);
    program(
      join(this.#bin, "npx"),
      `shift; exec "${process.execPath}" "${root}/client/main.ts" "$@"`,
    );
    // A job logs in to the registry of the project; the one of a test asks for no password.
    const docker = (await execa("which", ["docker"], { reject: false })).stdout || "false";
    program(join(this.#bin, "docker"), `[ "$1" = login ] || exec "${docker}" "$@"`);
    await execa("git", ["init", "--quiet", "--bare", "--initial-branch=main", this.origin]);
    await execa("git", ["init", "--quiet", "--initial-branch=main", this.checkout]);
    await this.#git("remote", "add", "origin", "https://github.com/modelhub-registry/modelhub.git");
    this.redirect("https://github.com/modelhub-registry/modelhub.git", this.origin);
    for (const name of readdirSync(stubs)) await this.#stub(name);
    return this;
  }

  /** Makes act take `owner/name@commit` from the last commit of another repository here. */
  offer(action: string, { checkout }: Repository): void {
    this.#offered.push(`${action}=${checkout}`);
  }

  /** Makes git, in every step, go elsewhere for an address. */
  redirect(address: string, to: string): void {
    appendFileSync(join(this.folder, ".gitconfig"), `[url "${to}"]\n  insteadOf = ${address}\n`);
  }

  async push(): Promise<void> {
    await this.#git("push", "--quiet", this.origin, "HEAD");
  }

  /** Runs one workflow file for an event: all of it, or one job with those that it needs. */
  async run(workflow: string, event: string, payload: object = {}, job?: string) {
    const file = join(this.folder, "event.json");
    writeJson(file, payload);
    const env = Object.entries(this.env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
    const args = [
      event,
      "--workflows",
      join(".github", "workflows", workflow),
      "--eventpath",
      file,
      ...(job ? ["--job", job] : []),
    ];
    const { all, exitCode } = await execa(
      act ?? "act",
      [
        ...args,
        ...["ubuntu-24.04", "ubuntu-24.04-arm"].flatMap((runner) => [
          "--platform",
          `${runner}=-self-hosted`,
        ]),
        ...["--secret", "GITHUB_TOKEN=of-the-job"],
        ...[...this.#stubbed(), ...this.#offered].flatMap((one) => ["--local-repository", one]),
        ...env,
      ],
      {
        cwd: this.checkout,
        reject: false,
        all: true,
        // act keeps checkouts and its settings in these.
        env: {
          HOME: this.folder,
          XDG_CACHE_HOME: join(this.folder, "cache"),
          XDG_CONFIG_HOME: join(this.folder, "config"),
          PATH: `${this.#bin}:${process.env["PATH"]}`,
        },
      },
    );
    return { output: all, exitCode };
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** act takes an action from a git repository of its own. */
  async #stub(name: string): Promise<void> {
    const folder = join(this.folder, "stubs", name);
    cpSync(join(stubs, name), folder, { recursive: true });
    await execa("git", ["init", "--quiet", folder]);
  }

  /** `actions/cache@SHA=FOLDER` for each action that the workflows name. */
  #stubbed(): string[] {
    const files = readdirSync(join(root, ".github"), { recursive: true, encoding: "utf8" });
    const names = files
      .filter((file) => file.endsWith(".yml"))
      .flatMap((file) => {
        const text = readFileSync(join(root, ".github", file), "utf8");
        return [...text.matchAll(/uses: (actions\/([a-z-]+)@[0-9a-f]{40})/g)];
      })
      .filter(([, , name]) => name !== "checkout");
    return [
      ...new Set(
        names.map(([, uses, name]) => `${uses}=${join(this.folder, "stubs", name ?? "")}`),
      ),
    ];
  }

  #git(...args: string[]) {
    return execa("git", ["-C", this.checkout, ...args]);
  }
}

function program(file: string, line: string): void {
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${line}\n`);
  chmodSync(file, 0o755);
}
