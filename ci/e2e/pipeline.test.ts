import { generateKeyPairSync } from "node:crypto";
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { Stage } from "./stage.ts";

// Images can be built and run only where setup found or installed what it takes.
const withContainers = process.env["MODELHUB_CONTAINERS"] === "yes";

describe.skipIf(!withContainers)("two real models, all the way", { timeout: 2_400_000 }, () => {
  const stage = new Stage();
  const models = ["efficientnet-lite0", "silero-vad"] as const;

  beforeAll(async () => {
    await stage.open();
    signBy(newKey());
    await stage.register({
      "efficientnet-lite0": "examples/efficientnet-lite0",
      "silero-vad": "examples/silero-vad",
    });
    const { exitCode, stderr } = await stage.modelhub("pipeline", "--out", "catalog");
    expect(stderr).toContain("locked sha256:");
    expect(exitCode).toBe(0);
  }, 2_400_000);
  afterAll(() => stage.close());

  /** Work in namespaces that hold no image yet, so that nothing is taken from there. */
  async function elsewhere<T>(name: string, work: () => Promise<T>): Promise<T> {
    const file = join(stage.registry, "registry.json");
    const instance = readJson(file) as { images: string };
    const staging = stage.env["MODELHUB_STAGING"] ?? "";
    stage.env["MODELHUB_STAGING"] = staging.replace(/\/.*/, `/${name}`);
    writeJson(file, { ...instance, images: `${instance.images}-${name}` });
    await execa("rm", ["-rf", stage.work]);
    try {
      return await work();
    } finally {
      writeJson(file, instance);
      stage.env["MODELHUB_STAGING"] = staging;
      await execa("rm", ["-rf", stage.work]);
    }
  }

  /** Signs with a key from now on, and has registry.json trust it alone. */
  function signBy({ privateKey, publicKey }: ReturnType<typeof newKey>): void {
    const file = join(stage.registry, "registry.json");
    stage.env["MODELHUB_SIGNING_KEY"] = privateKey;
    writeJson(file, { ...(readJson(file) as object), signing: { keys: [publicKey] } });
  }

  /** The manifest of an artifact of a model, as the OCI registry holds it. */
  async function manifest(id: string, digest: string) {
    const [host, ...path] = stage.lock(id).image.name.split("/");
    const response = await fetch(`http://${host}/v2/${path.join("/")}/manifests/${digest}`, {
      headers: {
        accept:
          "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json",
      },
    });
    return JSON.parse(await response.text());
  }

  /** The file in which the OCI registry keeps the first file of an artifact. */
  async function firstFile(id: string, digest: string): Promise<string> {
    const { layers } = await manifest(id, digest);
    return stage.blob(layers[0].digest.replace("sha256:", ""));
  }

  test("the models share base, runtime and engine images", () => {
    const [one, other] = models.map((id) => stage.lock(id));
    expect(one.stack).toEqual(other.stack);
    expect(one.image.digest).not.toBe(other.image.digest);
  });

  test("what the lock names is in the registry, weights under their own hash", async () => {
    for (const id of models) {
      const { image, bundle, record, weights } = stage.lock(id);
      for (const digest of [image.digest, bundle, record]) {
        expect((await execa("oras", ["resolve", `${image.name}@${digest}`])).stdout).toBe(digest);
      }
      for (const sha256 of Object.values(weights)) {
        await execa("oras", ["blob", "fetch", "--descriptor", `${image.name}@sha256:${sha256}`]);
      }
    }
  });

  test("verify finds all as locked, and what was tampered with by its digest", async () => {
    // Several are looked at at once.
    const said = (await stage.modelhub("verify")).stderr.split("\n").sort();
    expect(said).toEqual(models.map((id) => `${id} 1.0.0: everything is as locked`));
    const { weights } = stage.lock("silero-vad");
    const blob = stage.blob(String(Object.values(weights)[0]));
    const bytes = readFileSync(blob);
    writeFileSync(blob, bytes.with(1000, (bytes[1000] ?? 0) ^ 1));
    const tampered = await stage.modelhub("verify", "silero-vad");
    expect(tampered.exitCode).toBe(1);
    expect(tampered.stderr).toMatch(
      /lock\.json\n {2}bundle: expected sha256:[0-9a-f]{64}, got other bytes, sha256:/,
    );
    writeFileSync(blob, bytes);
  });

  test("verify finds a lock that names another model's image", async () => {
    const file = join(stage.registry, "models/silero-vad/1.0.0/lock.json");
    const text = readFileSync(file, "utf8");
    const { image } = stage.lock("efficientnet-lite0");
    writeJson(file, { ...JSON.parse(text), image });
    const { stderr, exitCode } = await stage.modelhub("verify", "silero-vad", "--quick");
    writeFileSync(file, text);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("record: expected a digest that the registry holds");
  });

  test("the bundle is a ModelPack artifact and the record a referrer of the image", async () => {
    const { image, bundle, record } = stage.lock("silero-vad");
    const manifest = JSON.parse(
      (await execa("oras", ["manifest", "fetch", `${image.name}@${bundle}`])).stdout,
    );
    expect(manifest.artifactType).toBe("application/vnd.cncf.model.manifest.v1+json");
    expect(manifest.layers.map(({ mediaType }: { mediaType: string }) => mediaType)).toEqual([
      "application/vnd.cncf.model.weight.v1.raw",
      "application/vnd.cncf.model.code.v1.tar",
    ]);
    const { stdout } = await execa("oras", [
      "discover",
      "--format",
      "json",
      `${image.name}@${image.digest}`,
    ]);
    const referrers = JSON.parse(stdout).referrers ?? JSON.parse(stdout).manifests;
    expect(referrers.map(({ digest }: { digest: string }) => digest)).toContain(record);
  });

  test("SBOM, provenance and signature are referrers of the image, and none of them comes twice", async () => {
    const { image, record, attestations } = stage.lock("silero-vad");
    // This registry has no list of referrers; a tag stands in for it.
    const listed = await manifest("silero-vad", image.digest.replace(":", "-"));
    const digests = listed.manifests.map(({ digest }: { digest: string }) => digest);
    expect(digests).toEqual([record, ...Object.values(attestations)]);
    const types = await Promise.all(
      digests.map(async (digest: string) => (await manifest("silero-vad", digest)).artifactType),
    );
    expect(types.slice(1)).toEqual([
      "application/spdx+json",
      "application/vnd.in-toto+json",
      "application/vnd.dev.sigstore.bundle.v0.3+json",
    ]);
    // As if publish had been killed right before its last line.
    rmSync(join(stage.work, "silero-vad/1.0.0/publish.json"));
    const { stdout } = await stage.modelhub("publish", "silero-vad", "--json");
    expect(JSON.parse(stdout)[0]).toMatchObject({ record, attestations });
    expect(await manifest("silero-vad", image.digest.replace(":", "-"))).toEqual(listed);
  });

  test("the SBOM lists every package that the image itself knows of, and the weights", async () => {
    const { image, attestations, weights } = stage.lock("silero-vad");
    const sbom = readJson(await firstFile("silero-vad", attestations.sbom)) as {
      packages: {
        name: string;
        versionInfo: string;
        checksums?: { checksumValue: string }[];
        externalRefs?: { referenceLocator: string }[];
      }[];
    };
    const listed = (type: string) =>
      sbom.packages
        .filter(({ externalRefs }) =>
          externalRefs?.[0]?.referenceLocator.startsWith(`pkg:${type}/`),
        )
        .map(({ name, versionInfo }) => `${name} ${versionInfo}`)
        .sort();
    const inImage = async (entrypoint: string, ...args: string[]) => {
      const container = ["run", "--rm", "--network", "none", "--entrypoint", entrypoint];
      const reference = `${image.name}@${image.digest}`;
      const { stdout } = await execa("docker", [...container, reference, ...args]);
      return stdout.split("\n").sort();
    };
    expect(listed("deb")).toEqual(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own variables
      await inImage("dpkg-query", "-W", "-f", "${Package} ${Version}\n"),
    );
    const script =
      "import importlib.metadata as m, re\nfor d in m.distributions(): print(re.sub('[-_.]+', '-', d.name.lower()), d.version)";
    const python = await inImage("/opt/python/bin/python3", "-c", script);
    expect(python.length).toBeGreaterThan(3);
    expect(listed("pypi")).toEqual(expect.arrayContaining(python));
    const hashes = sbom.packages.flatMap(({ checksums = [] }) =>
      checksums.map(({ checksumValue }) => checksumValue),
    );
    expect(hashes).toEqual([image.digest.replace("sha256:", ""), ...Object.values(weights)]);
  });

  test.each(["record", "sbom", "provenance", "signature"])(
    "verify finds one byte changed in the %s, also where it asks for sizes only",
    async (name) => {
      const { record, attestations } = stage.lock("silero-vad");
      const digest = { record, ...attestations }[name];
      const file = await firstFile("silero-vad", digest);
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.with(100, (bytes[100] ?? 0) ^ 1));
      const whole = await stage.modelhub("verify", "silero-vad");
      const quick = await stage.modelhub("verify", "silero-vad", "--quick");
      writeFileSync(file, bytes);
      const key = name === "record" ? "record" : `attestations\\.${name}`;
      for (const { stderr, exitCode } of [whole, quick]) {
        expect(stderr).toMatch(
          new RegExp(`${key}: expected sha256:[0-9a-f]{64}, got .*other bytes`),
        );
        expect(exitCode).toBe(1);
      }
    },
  );

  test("verify finds a provenance that is signed and speaks of another image", async () => {
    const file = join(stage.registry, "models/silero-vad/1.0.0/lock.json");
    const text = readFileSync(file, "utf8");
    const { attestations } = stage.lock("efficientnet-lite0");
    const { image } = stage.lock("silero-vad");
    const other = stage.lock("efficientnet-lite0").image;
    writeJson(file, { ...JSON.parse(text), image: { ...image, name: other.name }, attestations });
    const { stderr, exitCode } = await stage.modelhub("verify", "silero-vad", "--quick");
    writeFileSync(file, text);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `attestations.provenance: expected a referrer of ${image.digest}, got one of ${other.digest}`,
    );
  });

  test("verify wants a signature by whom registry.json trusts; publish then signs anew", async () => {
    const lockFile = join(stage.registry, "models/silero-vad/1.0.0/lock.json");
    const before = readFileSync(lockFile, "utf8");
    const { signature: _, ...unsigned } = JSON.parse(before).attestations;
    writeJson(lockFile, { ...JSON.parse(before), attestations: unsigned });
    expect((await stage.modelhub("verify", "silero-vad", "--quick")).stderr).toContain(
      "attestations.signature: expected a signature, as registry.json demands, got none",
    );
    writeFileSync(lockFile, before);
    signBy(newKey());
    const stranger = await stage.modelhub("verify", "silero-vad", "--quick");
    expect(stranger.stderr).toContain(
      "attestations.signature: expected a signature that registry.json trusts, got none that can be trusted: registry.json doesn't list the key that signed",
    );
    expect(stranger.exitCode).toBe(1);
    for (const id of models) expect((await stage.modelhub("lock", id)).exitCode).toBe(0);
    const after = stage.lock("silero-vad").attestations;
    expect(after).toMatchObject(unsigned);
    expect(after.signature).not.toBe(JSON.parse(before).attestations.signature);
    expect((await stage.modelhub("verify", "--quick")).exitCode).toBe(0);
  });

  test("a photograph that is no sample gets a sensible label from the printed line", async () => {
    const { stdout } = await stage.modelhub("list", "efficientnet-lite0");
    const line = stdout.split("\n").at(-1) ?? "";
    expect(line).toMatch(
      /^docker run --rm -i localhost:\d+\/models\/.*@sha256:[0-9a-f]{64} predict - < FILE$/,
    );
    const photograph = join(root, "contrib-template", "examples", "photograph.jpg");
    // The engine that runs our tests may have no bridge network; the line needs none.
    const typed = line.replace("--rm", "--rm --network none").replace("FILE", `'${photograph}'`);
    const { stdout: answer } = await execa("sh", ["-c", typed]);
    expect(answer).toMatch(/tripod\s+9\d\.\d+%/);
  });

  test("runs under any user, without network, on a read-only root", async () => {
    const { image } = stage.lock("silero-vad");
    const sample = readFileSync(
      join(root, "contrib-template/examples/silero-vad/samples/words.npy"),
    );
    const { stdout } = await execa(
      "docker",
      [
        "run",
        "--rm",
        "-i",
        "--user",
        "12345:54321",
        "--network",
        "none",
        "--read-only",
        "--tmpfs",
        "/tmp",
        `${image.name}@${image.digest}`,
        "predict",
        "-",
        "--json",
      ],
      { input: sample },
    );
    expect(JSON.parse(stdout).output[0]).toMatchObject({ name: "speech", type: "vector" });
  });

  test("compiles nothing of the engine when it starts", async () => {
    const { image } = stage.lock("silero-vad");
    const command = ["run", "--rm", "--entrypoint", "python3", `${image.name}@${image.digest}`];
    const { stderr } = await execa("docker", [...command, "-v", "-c", "import modelhub.worker"]);
    const engine = "/opt/modelhub/engine/python/modelhub";
    expect(stderr).toContain(`# code object from '${engine}/__pycache__/worker.cpython-`);
    expect(stderr).not.toContain(`# code object from ${engine}`);
  });

  test("the catalog holds what the image gave for each sample", () => {
    const page = stage.json("catalog/api/v1/models/efficientnet-lite0/1.0.0.json");
    expect(page.built.samples.map(({ passed }: { passed: boolean }) => passed)).toEqual([
      true,
      true,
      true,
    ]);
    expect(page.built.samples[0].outputs[0].prediction[0].label).toBe("espresso");
    const [image] = page.built.samples[0].inputs;
    expect(statSync(join(stage.folder, "catalog/api/v1", image.file)).size).toBe(image.bytes);
  });

  test("the catalog shows the lock without what serves engine releases alone", () => {
    const { added, ...image } = stage.lock("efficientnet-lite0").image;
    expect(added).toMatch(/^[\w+/]+=*$/);
    const page = stage.json("catalog/api/v1/models/efficientnet-lite0/1.0.0.json");
    expect(page.built.lock.image).toEqual(image);
  });

  test("run again, it has nothing to do and changes nothing", async () => {
    const file = join(stage.registry, "models/silero-vad/1.0.0/lock.json");
    const before = { text: readFileSync(file, "utf8"), time: statSync(file).mtimeMs };
    const { stderr, exitCode } = await stage.modelhub("pipeline", "--out", "catalog");
    expect(exitCode).toBe(0);
    expect(stderr).toContain("every image is built, tested and published already");
    expect({ text: readFileSync(file, "utf8"), time: statSync(file).mtimeMs }).toEqual(before);
  });

  test("killed in every stage, one after the other, it ends with the same digests", async () => {
    const file = join(stage.registry, "models/silero-vad/1.0.0/lock.json");
    const text = readFileSync(file);
    const before = stage.lock("silero-vad");
    rmSync(file);
    await elsewhere("killed", async () => {
      for (const said of [
        "never built",
        "building base",
        "building runtime",
        "building engine",
        "building models/silero-vad",
        "testing its samples",
        "publishing to",
        "locked sha256:",
      ])
        expect(await killedAt(said)).toMatchObject({ said, signal: "SIGKILL" });
      const { exitCode } = await stage.modelhub("pipeline", "--out", "catalog", "silero-vad");
      expect(exitCode).toBe(0);
    });
    const { image, bundle } = stage.lock("silero-vad");
    writeFileSync(file, text);
    expect(image.digest).toBe(before.image.digest);
    expect(bundle.digest).toBe(before.bundle.digest);
  });

  /** Kills the pipeline a moment after it said so. */
  async function killedAt(said: string) {
    const running = stage.modelhub("pipeline", "--out", "catalog", "silero-vad");
    let heard = "";
    running.stderr.on("data", (text) => {
      if (heard.includes(said)) return;
      heard += text;
      if (heard.includes(said)) setTimeout(() => running.kill("SIGKILL"), 30);
    });
    const { signal, stderr } = await running;
    return { said, signal, stderr };
  }

  test("a new engine is put under every published image without a build, byte for byte as one", async () => {
    const engine = join(stage.folder, "engine");
    cpSync(join(root, "engine-image"), engine, { recursive: true });
    writeJson(join(engine, "engine.json"), { version: "9.0.0" });
    stage.env["MODELHUB_ENGINE_SOURCE"] = engine;
    const before = models.map((id) => stage.lock(id).image.digest);
    const { stderr, exitCode } = await stage.modelhub("pipeline", "--out", "catalog");
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/silero-vad 1\.0\.0: engine \S+ → 9\.0\.0/);
    expect(stderr.match(/building \S+/g)).toEqual(["building engine"]);
    const after = models.map((id) => stage.lock(id).image.digest);
    expect(after).not.toEqual(before);

    // Without locks, and with no published image to take, each is built.
    await elsewhere("rebuilt", async () => {
      const { stdout } = await stage.modelhub("build", "--json");
      const built = JSON.parse(stdout) as { images: { deployment: { digest: string } } }[];
      expect(built.map(({ images }) => images.deployment.digest)).toEqual(after);
    });
    delete stage.env["MODELHUB_ENGINE_SOURCE"];
    await stage.modelhub("pipeline", "--out", "catalog");
    expect(models.map((id) => stage.lock(id).image.digest)).toEqual(before);
  });

  test("an empty builder makes images with the same digests", async () => {
    await stage.modelhub("build", "silero-vad");
    const { images } = stage.json("work/silero-vad/1.0.0/build.json");
    const digests = Object.entries<{ digest: string }>(images).map(([level, { digest }]) => [
      level,
      digest,
    ]);
    stage.env["MODELHUB_BUILDER"] = await stage.emptyBuilder();
    const { stdout, stderr } = await elsewhere("again", () =>
      stage.modelhub("build", "silero-vad", "--json"),
    );
    expect(stderr).toContain(
      "building base\nbuilding runtime\nbuilding engine\nbuilding models/silero-vad",
    );
    const [again] = JSON.parse(stdout);
    expect(
      Object.entries<{ digest: string }>(again.images).map(([level, { digest }]) => [
        level,
        digest,
      ]),
    ).toEqual(digests);
  });
});

describe.skipIf(!withContainers)("contributions that must not pass", { timeout: 1_800_000 }, () => {
  const stage = new Stage();
  beforeAll(() => stage.open());
  afterAll(() => stage.close());

  const expectation = (contribution: string) => {
    const config = readJson(join(contribution, "modelhub.json")) as {
      samples: { expected: string }[];
    };
    return join(contribution, config.samples[0]?.expected ?? "");
  };

  test("a wrong expectation fails the test, and nothing is published", async () => {
    await stage.register({ digits: "." }, (contribution) => {
      const config = readJson(join(contribution, "modelhub.json")) as { id: string };
      writeJson(join(contribution, "modelhub.json"), { ...config, id: "digits" });
      const file = expectation(contribution);
      const expected = readJson(file) as Record<string, { label: string; probability: number }[]>;
      for (const labels of Object.values(expected)) labels[0] = { label: "9", probability: 0.99 };
      writeJson(file, expected);
    });
    const { exitCode, stderr } = await stage.modelhub("pipeline", "--out", "catalog");
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /samples\/\S+\.expected\.json\n {2}\w+: expected 9 first, got \d\n {2}hint: sample/,
    );
    const { exitCode: published } = await execa(
      "oras",
      ["resolve", `${stage.json("registry/registry.json").images}/models/digits:1.0.0`],
      { reject: false },
    );
    expect(published).not.toBe(0);
  });

  test("the builder itself refuses a foreign image, whatever the check said", async () => {
    const { allowOnly, buildStage } = await import("../images/buildx.ts");
    const context = join(stage.folder, "foreign");
    await execa("mkdir", ["-p", context]);
    writeFileSync(join(context, "Dockerfile"), "FROM docker.io/library/alpine\nRUN true\n");
    const [host] = (stage.env["MODELHUB_STAGING"] ?? "").split("/");
    const build = buildStage(
      {
        dockerfile: join(context, "Dockerfile"),
        context,
        platforms: ["linux/amd64"],
        name: `${host}/foreign:1`,
      },
      allowOnly(`${host}/build/base`),
    );
    await expect(build).rejects.toThrow(/not allowed by policy|denied by policy/);
  });
});

function newKey() {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  return {
    publicKey: String(publicKey.export({ type: "spki", format: "pem" })),
    privateKey: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}
