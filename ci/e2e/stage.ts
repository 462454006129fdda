import { type ChildProcess, spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { startRegistry } from "../../scripts/lib/docker-registry.ts";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { machinePlatform } from "../platforms.ts";
import { commitAll } from "./commit.ts";

/**
 * A stage for stories of the whole pipeline: a real OCI registry of its own, a git repository with
 * contributors' folders, and a registry of models that points to it.
 */
export class Stage {
  readonly folder = mkdtempSync(join(tmpdir(), "modelhub-stage-"));
  readonly registry = join(this.folder, "registry");
  readonly work = join(this.folder, "work");
  readonly repository = "https://git.example.org/models";
  env: Record<string, string> = {};
  #children: ChildProcess[] = [];

  /** Starts the OCI registry and writes a registry without models. */
  async open(): Promise<this> {
    const { host, server } = await startRegistry(this.folder);
    this.#children.push(server);
    // Vitest ends the process of a file by a signal; then no test comes to its `close`.
    process.once("SIGTERM", () => process.exit());
    process.once("exit", () => {
      for (const child of this.#children) child.kill();
    });
    this.env = {
      MODELHUB_STAGING: `${host}/build`,
      // The address of the contributors' repository leads to the folder beside us, as a mirror would.
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `url.${join(this.folder, "models")}.insteadOf`,
      GIT_CONFIG_VALUE_0: this.repository,
    };
    mkdirSync(join(this.registry, "models"), { recursive: true });
    writeJson(join(this.registry, "registry.json"), {
      ...(readJson(join(root, "registry", "registry.json")) as object),
      // The template may be registered by the registry's own repository alone.
      repository: this.repository,
      images: `${host}/models`,
      site: "http://localhost:4321/",
      // A story that is about platforms names the others.
      platforms: [machinePlatform()],
      // A story that is about signing names its own key.
      signing: undefined,
    });
    return this;
  }

  /** Changes keys of registry.json. */
  edit(keys: object): void {
    const file = join(this.registry, "registry.json");
    writeJson(file, { ...(readJson(file) as object), ...keys });
  }

  /** Registers folders of contrib-template as version 1.0.0 each, all at one commit. */
  async register(
    folders: Record<string, string>,
    edit?: (contribution: string) => void,
  ): Promise<void> {
    const models = join(this.folder, "models");
    for (const [id, folder] of Object.entries(folders)) {
      cpSync(join(root, "contrib-template", folder), join(models, id), {
        recursive: true,
        filter: (path) => !path.endsWith("/examples") || folder.includes("examples"),
      });
      edit?.(join(models, id));
    }
    await execa("git", ["init", "--quiet", models]);
    const revision = await commitAll(models);
    for (const id of Object.keys(folders)) this.#writeEntry(id, revision);
  }

  #writeEntry(id: string, revision: string): void {
    const folder = join(this.registry, "models", id);
    const { title } = readJson(join(this.folder, "models", id, "modelhub.json")) as {
      title: string;
    };
    const { repository } = this;
    const maintainers = [{ github: "someone" }];
    writeJson(join(folder, "model.json"), { schemaVersion: "1", title, repository, maintainers });
    writeJson(join(folder, "1.0.0", "source.json"), {
      schemaVersion: "1",
      repository,
      revision,
      path: id,
    });
  }

  /** Runs `modelhub` with the stage's registry. */
  modelhub(...args: string[]) {
    const places = ["--registry", this.registry, "--work", this.work];
    return execa(process.execPath, [join(root, "client", "main.ts"), ...args, ...places], {
      cwd: this.folder,
      env: this.env,
      reject: false,
    });
  }

  /** A file below the stage's folder as JSON. */
  json(...path: string[]) {
    return JSON.parse(readFileSync(join(this.folder, ...path), "utf8"));
  }

  /** The file in which the OCI registry keeps a blob. */
  blob(sha256: string): string {
    const blobs = join(this.folder, "blobs/docker/registry/v2/blobs/sha256");
    return join(blobs, sha256.slice(0, 2), sha256, "data");
  }

  lock(id: string) {
    return this.json("registry", "models", id, "1.0.0", "lock.json");
  }

  /** A second builder that has built nothing yet. */
  async emptyBuilder(): Promise<string> {
    const name = `modelhub-empty-${process.pid}`;
    if (process.env["MODELHUB_BUILDKIT"] === "container") {
      await execa("docker", [
        "buildx",
        "create",
        "--name",
        name,
        "--driver",
        "docker-container",
        "--driver-opt",
        "network=host",
      ]);
      return name;
    }
    const socket = join(this.folder, "buildkitd.sock");
    const config = join(this.folder, "buildkitd.toml");
    writeFileSync(
      config,
      `root = "${join(this.folder, "buildkit")}"\n[grpc]\naddress = ["unix://${socket}"]\n[worker.containerd]\nenabled = false\n`,
    );
    this.#spawn("buildkitd", ["--config", config]);
    for (let attempt = 0; !existsSync(socket); attempt++) {
      if (attempt === 600) throw new Error("buildkitd does not answer");
      await delay(100);
    }
    await execa("docker", [
      "buildx",
      "create",
      "--name",
      name,
      "--driver",
      "remote",
      `unix://${socket}`,
    ]);
    return name;
  }

  async close(): Promise<void> {
    await execa("docker", ["buildx", "rm", "--force", `modelhub-empty-${process.pid}`], {
      reject: false,
    });
    await Promise.all(this.#children.map(ended));
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #spawn(command: string, args: string[]): void {
    this.#children.push(spawn(command, args, { stdio: "ignore" }));
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.on("exit", () => resolve());
    child.kill();
  });
}
