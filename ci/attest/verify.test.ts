import { expect, test } from "vitest";
import minimal from "#schema/fixtures/lock/valid/signature.json" with { type: "json" };
import { Lock } from "#schema/lock.ts";
import { builderId, provenance } from "./provenance.ts";
import { type Verification, verifyAttestations } from "./verify.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const lock = Lock.parse({
  ...minimal,
  image: { ...minimal.image, digest: digest("1") },
  stack: { base: digest("2"), runtime: digest("3"), engine: digest("4") },
  variants: {
    cuda: { digest: digest("b"), platforms: {}, runtime: digest("c"), engine: digest("d") },
  },
  weights: { scale: "5".repeat(64) },
  bundle: digest("6"),
  record: digest("7"),
  attestations: { sbom: digest("8"), provenance: digest("9") },
});

test("a provenance that states what the lock says is as it should be", async () => {
  expect(await problems(lock)).toEqual([]);
});

test.each<[string, Partial<Lock>]>([
  ["image", { image: { ...lock.image, digest: digest("a") } }],
  ["source.revision", { source: { ...lock.source, revision: "a".repeat(40) } }],
  ["source.repository", { source: { ...lock.source, repository: "https://example.org/other" } }],
  ["source.path", { source: { ...lock.source, path: "other" } }],
  ["base", { stack: { ...lock.stack, base: digest("a") } }],
  ["runtime", { stack: { ...lock.stack, runtime: digest("a") } }],
  ["engine", { stack: { ...lock.stack, engine: digest("a") } }],
  ["id", { id: "other" }],
  ["weights/scale", { weights: { scale: "a".repeat(64) } }],
  ["weights/other", { weights: { ...lock.weights, other: "a".repeat(64) } }],
  ["bundle", { bundle: digest("a") }],
  ["record", { record: digest("a") }],
  ["sbom", { attestations: { sbom: digest("a"), provenance: digest("9") } }],
])("a provenance that states another %s is found", async (name, change) => {
  const found = await problems({ ...lock, ...change });
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(new RegExp(`^attestations\\.provenance: ${name} `));
});

test.each(["digest", "runtime", "engine"] as const)(
  "a provenance that states another %s of a variant is found",
  async (key) => {
    if (!lock.variants?.cuda) throw new Error("no variant");
    const cuda = { ...lock.variants.cuda, [key]: digest("a") };
    const name = key === "digest" ? `${lock.image.name}:${lock.version}-cuda` : `cuda/${key}`;
    const [found, ...more] = await problems({ ...lock, variants: { cuda } });
    expect(found).toContain(`attestations.provenance: ${name} ${"a".repeat(64)}, as in the lock`);
    expect(more).toEqual([]);
  },
);

test("weights that the provenance states and the lock leaves out are found", async () => {
  expect(await problems({ ...lock, weights: {} })).toEqual([
    `attestations.provenance: weights/scale left out, as in the lock, not ${"5".repeat(64)}`,
  ]);
});

test("what is no provenance is found, be it JSON or not", async () => {
  for (const text of ["{}", "no JSON"])
    expect(await problems(lock, text)).toEqual([
      "attestations.provenance: SLSA provenance, not another document",
    ]);
});

test("a lock without attestations is a problem only where registry.json demands a signature", async () => {
  const { attestations: _, ...bare } = lock;
  expect(await problems(bare)).toEqual([]);
  expect(await problems(bare, undefined, { keys: [] })).toEqual([
    "attestations: a signature, as registry.json demands, not none",
  ]);
});

test("the builder is the workflow on GitHub, what its name says elsewhere, or this machine", () => {
  const github = {
    GITHUB_SERVER_URL: "https://github.com",
    GITHUB_WORKFLOW_REF: "a/b/.github/workflows/publish.yml@refs/heads/main",
  };
  expect(builderId(github)).toBe(
    "https://github.com/a/b/.github/workflows/publish.yml@refs/heads/main",
  );
  expect(builderId({ ...github, MODELHUB_BUILDER_ID: "https://ci.example.org" })).toBe(
    "https://ci.example.org",
  );
  expect(builderId({ GITHUB_SERVER_URL: "https://github.com" })).toBe("urn:modelhub:local");
});

/** What the verification finds, where the registry holds the provenance of `lock`, or `text`. */
async function problems(
  changed: Lock,
  text = statement(),
  signing?: { keys: string[] },
): Promise<string[]> {
  const found: string[] = [];
  const check: Verification = {
    differs: (key, expected, got) => found.push(`${key}: ${expected}, not ${got}`),
    referrer: async (key) => (key === "attestations.provenance" ? text : "{}"),
  };
  await verifyAttestations(check, changed, signing);
  return found;
}

function statement(): string {
  const { id, version, source, image, stack, variants = {}, weights, bundle, record } = lock;
  return JSON.stringify(
    provenance({
      registry: "https://git.example.org/registry",
      id,
      version,
      platforms: ["linux/amd64"],
      source,
      image,
      namespace: "registry.example.org/test",
      stack,
      variants,
      weights,
      byproducts: { sbom: digest("8"), record, bundle },
      builder: "urn:modelhub:local",
    }),
  );
}
