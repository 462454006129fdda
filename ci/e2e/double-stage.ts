import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { Lock } from "#schema/lock.ts";
import { lock } from "../commands/lock.ts";
import { publish } from "../commands/publish.ts";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { engineVersion } from "../images/engine.ts";
import { type BuiltImage, tagOf } from "../images/level.ts";
import { clientOf, splitName } from "../images/oci.ts";
import { baseLevel, deploymentNames, engineLevel } from "../images/stack.ts";
import { type StageFile, writeStage } from "../stage-files.ts";
import { type FetchedSubject, fetchSubjects } from "../subject.ts";
import type { Workspace } from "../workspace.ts";
import { commitAll } from "./commit.ts";
import { pushEngine, pushModel, pushRuntime } from "./example-images.ts";
import { RegistryDouble } from "./registry-double.ts";

/**
 * A stage without containers: the OCI registry is a double, images come ready-made in place of
 * built ones, and what the sandbox would say is what the author expects. Publishing, locking and all
 * that follows are the real program.
 */
export class DoubleStage {
  readonly folder = mkdtempSync(join(tmpdir(), "modelhub-double-"));
  readonly registry = join(this.folder, "registry");
  readonly models = join(this.folder, "models");
  readonly double: RegistryDouble;
  /** Distinguishes the images' engine layers. */
  engine = "1";

  constructor(double: RegistryDouble) {
    this.double = double;
  }

  /** A registry of those models at 1.0.0, of which nothing is published yet. */
  static async open(ids: readonly string[] = ["tiny-net"]): Promise<DoubleStage> {
    const stage = new DoubleStage(await RegistryDouble.open());
    clientOf(stage.double.host, { firstWaitMs: 2, limitSeconds: 0 });
    await stage.#contribute(ids);
    return stage;
  }

  at(): Workspace {
    const [registry, work] = [this.registry, join(this.folder, "work")];
    return { registry, work, staging: `${this.double.host}/build` };
  }

  /** What `build` and `test` would leave of a version: images in staging, and the author's own outputs. */
  async build(name: string): Promise<{
    subject: FetchedSubject;
    built: StageFile<"build">;
    tested: StageFile<"test">;
  }> {
    const [subject] = await fetchSubjects([name], this.at());
    if (!subject) throw new Error(`no ${name}`);
    const built = { key: subject.key, images: await this.#pushStack(subject) };
    const tested = testedAsExpected(subject, built);
    writeStage("build", subject, built);
    writeStage("test", subject, tested);
    return { subject, built, tested };
  }

  /** Takes a version all the way to its lock. */
  async publish(name: string): Promise<Lock> {
    const { subject, built, tested } = await this.build(name);
    return lock(subject, built, await publish(subject, built, tested), this.at());
  }

  /** A name as the double has it once the version is published. */
  get images(): string {
    return `${this.double.host}/published`;
  }

  async close(): Promise<void> {
    await this.double.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #contribute(ids: readonly string[]): Promise<void> {
    const base = join(root, "ci/e2e/base");
    for (const id of ids) {
      const folder = join(this.models, id);
      cpSync(join(base, "contribution"), folder, { recursive: true });
      const file = join(folder, "modelhub.json");
      writeJson(file, { ...(readJson(file) as object), id, title: id });
    }
    await execa("git", ["init", "--quiet", "--initial-branch=main", this.models]);
    const revision = await commitAll(this.models);
    const file = join(base, "registry/registry.json");
    writeJson(join(this.registry, "registry.json"), {
      ...(readJson(file) as object),
      images: this.images,
      platforms: ["linux/amd64", "linux/arm64"],
    });
    const repository = DoubleStage.repository;
    for (const id of ids) {
      const model = join(this.registry, "models", id);
      const maintainers = [{ github: "someone" }];
      const entry = { schemaVersion: "1", title: id, repository, maintainers };
      writeJson(join(model, "model.json"), entry);
      const source = { schemaVersion: "1", repository, revision, path: id };
      writeJson(join(model, "1.0.0", "source.json"), source);
    }
    this.#mirror(true);
  }

  /** Where entries say that their sources are. */
  static readonly repository = "https://git.example.org/models";

  /** Takes the contributors' host away: nothing can be fetched from there any more. */
  killHost(): void {
    this.#mirror(false);
    rmSync(this.models, { recursive: true, force: true });
  }

  /** Makes git, in this process and its children, take the host's address for our folder. */
  #mirror(isThere: boolean): void {
    process.env["GIT_CONFIG_COUNT"] = "1";
    process.env["GIT_CONFIG_KEY_0"] = `url.${isThere ? this.models : "/nowhere"}.insteadOf`;
    process.env["GIT_CONFIG_VALUE_0"] = DoubleStage.repository;
  }

  /** The stack's images in staging, each under the tag that its level has. */
  async #pushStack(subject: FetchedSubject): Promise<StageFile<"build">["images"]> {
    const client = clientOf(this.double.host);
    const { platforms } = subject.instance;
    const named = async (name: string, key: string, push: typeof pushEngine) => {
      const repository = `build/${name}`;
      const { digest } = await push(client, this.engine, repository, engineVersion);
      return this.#tagged({ name: `${this.double.host}/${repository}`, tag: tagOf(key), digest });
    };
    const base = await named("base", (await baseLevel(platforms)).key, pushRuntime);
    const runtime = await named("runtime", "r".repeat(32), pushRuntime);
    const engine = await this.pushEngine(runtime, subject, "build");
    const level = deploymentNames(subject, engine);
    return { base, runtime, engine, deployment: await named(level.name, level.key, pushModel) };
  }

  /** The engine of today on a runtime, as a builder would push it to that namespace. */
  async pushEngine(
    runtime: BuiltImage,
    { instance }: Pick<FetchedSubject, "instance">,
    namespace: "build" | "published" = "published",
  ): Promise<BuiltImage> {
    const client = clientOf(this.double.host);
    const { key } = await engineLevel(instance.platforms, runtime);
    const repository = `${namespace}/engine`;
    const { digest } = await pushEngine(client, this.engine, repository, engineVersion);
    return this.#tagged({ name: `${this.double.host}/${repository}`, tag: tagOf(key), digest });
  }

  async #tagged(image: Omit<BuiltImage, "seconds">): Promise<BuiltImage> {
    const client = clientOf(this.double.host);
    const { repository } = splitName(image.name);
    const found = await client.manifest(repository, image.digest);
    if (found) await client.putManifest(repository, image.tag, found);
    return { ...image, seconds: 0 };
  }
}

/** The report of a test in which every sample gave what its author expects. */
export function testedAsExpected(
  subject: FetchedSubject,
  { images }: StageFile<"build">,
  tested = "2026-01-31",
): StageFile<"test"> {
  const samples = subject.config.samples.map(({ id, expected }) => {
    const values = readJson(join(subject.folder, expected)) as Record<string, unknown[]>;
    const outputs = subject.config.outputs.map(({ id: name, type }) => {
      const prediction = values[name] ?? [];
      return { name, type, shape: [prediction.length], prediction };
    });
    const differences = outputs.map(({ name: output }) => ({
      output,
      passed: true,
      message: "as expected",
    }));
    return { id, passed: true, seconds: 0.001, outputs, differences };
  });
  const reports = subject.instance.platforms.map((platform) => ({
    tested,
    platform,
    machine: { processor: "Abacus", cpus: 2, memoryBytes: 2 ** 31 },
    emulated: false,
    passed: true,
    startSeconds: 1,
    predictSeconds: 0.001,
    peakMemoryBytes: 1,
    samples,
  }));
  return {
    key: subject.key,
    image: images.deployment.digest,
    reports,
  } as StageFile<"test">;
}
