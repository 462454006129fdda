import { createHash } from "node:crypto";
import { card } from "#ci/catalog/card.ts";
import { newest } from "#ci/catalog/versions.ts";
import type { Built, CatalogCard, CatalogSample, CatalogVersion } from "#schema/catalog.ts";
import type { Lock } from "#schema/lock.ts";
import type { Record } from "#schema/record.ts";
import { digest, hash, revision } from "./hashes.ts";
import type { Sketch } from "./sketches.ts";

/** Sketches as if the pipeline had built, tested and published them. */

const images = "ghcr.io/modelhub-registry/modelhub";

export const publish = (sketch: Sketch): { card: CatalogCard; versions: CatalogVersion[] } => {
  const { config, versions, status, yanked, removed, results, scan, tests } = sketch;
  const repository = `https://github.com/example/${config.id}`;
  const pages = versions.map((version, age): CatalogVersion => {
    const reason = (removed?.[version] ?? yanked?.[version])?.reason;
    const built =
      results && !removed?.[version] ? buildOf(sketch, version, repository, results) : undefined;
    return {
      id: config.id,
      version,
      entry: {
        schemaVersion: "1",
        title: config.title,
        repository,
        maintainers: [{ github: "octocat" }],
        ...(status && { status }),
        ...(yanked && { yanked }),
        ...(removed && { removed }),
      },
      source: {
        schemaVersion: "1",
        repository,
        revision: revision(config.id + version),
        path: `models/${config.id}`,
      },
      versions,
      published: `2026-0${5 - age}-17T09:30:00+02:00`,
      ...(reason && { yanked: reason }),
      ...(built && {
        built: {
          ...(age === 0 && tests ? tested(tests, built) : built),
          ...(age === 0 && scan && scanned(scan, built)),
        },
      }),
    };
  });
  return { card: card(newest(pages)), versions: pages };
};

/** A version with the day of its test, and with tests of the same image later and of another before. */
function tested({ history, ...when }: NonNullable<Sketch["tests"]>, built: Built): Built {
  const { engineVersion, image } = built.record;
  const other = digest(`before ${image.digest}`);
  return {
    ...built,
    record: {
      ...built.record,
      reports: built.record.reports.map((report) => ({ ...report, ...when })),
    },
    history: history.map((one) => ({
      image: one.engineVersion === engineVersion ? image.digest : other,
      ...one,
    })),
  };
}

/** The scan of a version, as of one day. */
function scanned(scan: NonNullable<Sketch["scan"]>, { lock }: Built): Pick<Built, "scan"> {
  return {
    scan: {
      schemaVersion: "1",
      id: lock.id,
      version: lock.version,
      sbom: digest(`sbom ${lock.id}`),
      scanned: "2026-05-18",
      tool: { name: "osv-scanner", version: "2.5.1" },
      database: { name: "OSV", date: "2026-05-17", ecosystems: ["Debian", "PyPI"] },
      packages: { asked: 96, unasked: 4 },
      ...scan,
    },
  };
}

function buildOf(
  { config, bytes = 96_400_000, predictSeconds = 0.0142, reading }: Sketch,
  version: string,
  repository: string,
  results: NonNullable<Sketch["results"]>,
): Built {
  const at = `${config.id}@${version}`;
  const image = `${images}/${config.id}`;
  const report = (
    platform: "linux/amd64" | "linux/arm64",
    slower: number,
  ): Record["reports"][number] => ({
    platform,
    emulated: slower > 1,
    passed: true,
    startSeconds: 0.84 * slower,
    predictSeconds: predictSeconds * slower,
    peakMemoryBytes: 212_000_000,
    samples: Object.entries(results).map(([id, { outputs }]) => ({
      id,
      passed: true,
      seconds: predictSeconds * slower,
      outputs,
      differences: outputs.map(({ name }) => ({
        output: name,
        passed: true,
        message: "largest difference 2.4e-7 of 1000 numbers, within 0.02",
      })),
    })),
  });
  const lock: Lock = {
    schemaVersion: "1",
    id: config.id,
    version,
    key: hash(`key ${at}`),
    contentKey: hash(`content ${at}`),
    source: {
      repository,
      revision: revision(config.id + version),
      path: ".",
      configSha256: hash(at),
    },
    image: {
      name: image,
      digest: digest(at),
      platforms: { "linux/amd64": digest(`amd64 ${at}`), "linux/arm64": digest(`arm64 ${at}`) },
    },
    stack: {
      base: digest("base"),
      runtime: digest(config.model.framework),
      engine: digest("engine"),
    },
    engineVersion: "0.1.0",
    weights: Object.fromEntries(config.weights.map(({ id, sha256 }) => [id, sha256])),
    bundle: digest(`bundle ${at}`),
    record: digest(`record ${at}`),
  };
  return {
    lock,
    image: `${image}@${lock.image.digest}`,
    record: {
      schemaVersion: "1",
      id: config.id,
      version,
      engineVersion: "0.1.0",
      image: {
        digest: lock.image.digest,
        platforms: {
          "linux/amd64": { digest: digest(`amd64 ${at}`), bytes },
          "linux/arm64": { digest: digest(`arm64 ${at}`), bytes: Math.round(bytes * 0.94) },
        },
      },
      config,
      weights: config.weights.map(({ id, path, sha256, bytes }) => ({
        id,
        file: path ?? id,
        sha256,
        bytes: bytes ?? 1,
        ...reading,
      })),
      files: [
        ...["modelhub.json", "model.py", "runtime/Dockerfile", "samples/expected.json"].map(
          (path, index) => ({ path, sha256: hash(at + path), bytes: 900 + index * 1400 }),
        ),
        ...Object.values(results).map(({ input: { file, content } }) => ({
          path: file,
          sha256: createHash("sha256").update(content).digest("hex"),
          bytes: content.byteLength,
        })),
      ],
      reports: [report("linux/amd64", 1), report("linux/arm64", 9)],
    },
    samples: config.samples.flatMap(({ id, title, credit }): CatalogSample[] => {
      const result = results[id];
      const input = config.inputs[0];
      if (result === undefined || input === undefined) return [];
      return [
        {
          id,
          title,
          ...(credit && { credit }),
          inputs: [
            {
              id: input.id,
              kind: input.kind,
              mediaType: input.mediaTypes[0] ?? "",
              file: `models/${config.id}/${version}/${result.input.file}`,
              bytes: result.input.content.byteLength,
            },
          ],
          outputs: result.outputs,
          passed: true,
        },
      ];
    }),
  };
}
