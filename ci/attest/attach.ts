import { join } from "node:path";
import type { Attestations } from "#schema/lock.ts";
import type { Record as ModelRecord } from "#schema/record.ts";
import { OursError } from "../errors.ts";
import { readJson, writeFile, writeJson } from "../files.ts";
import { root } from "../home.ts";
import { bundled, engineVersion, nodePins } from "../images/engine.ts";
import { attachArtifact, fetchFirstFile, listReferrers } from "../images/oci.ts";
import { variantsOf } from "../platforms.ts";
import { requireStage, type StageFile } from "../stage-files.ts";
import type { FetchedSubject } from "../subject.ts";
import { installedPackages } from "./packages.ts";
import {
  builderId,
  type ProvenanceInput,
  predicateType,
  provenance,
  provenanceType,
} from "./provenance.ts";
import { type Component, sbom, sbomType } from "./sbom.ts";
import { bundleType, signStatement } from "./sign.ts";
import { type Signing, signatureProblem } from "./trust.ts";

/** Attaches SBOM, provenance and signature to a published image. Run again, it attaches nothing twice. */
export async function attest(
  subject: FetchedSubject,
  built: StageFile<"build">,
  record: ModelRecord,
  published: Pick<StageFile<"publish">, "image" | "digest" | "bundle" | "record">,
  folder: string,
): Promise<Attestations> {
  const { images: namespace, repository: registry, signing } = subject.instance;
  const { image: name, digest } = published;
  const image = `${name}@${digest}`;
  const attach = (file: string, type: string, value: object) => {
    writeJson(join(folder, file), value);
    return attachArtifact(image, type, folder, [{ path: file, mediaType: type }]);
  };

  const { base, runtime, engine } = built.images;
  const packages = await installedPackages(`${namespace}/runtime@${runtime.digest}`);
  const list = sbom({ image: name, record, registry, packages, engine: engineComponents() });
  const sbomDigest = await attach("sbom.spdx.json", sbomType, list);

  const statement = provenance({
    id: subject.id,
    version: subject.version,
    platforms: Object.keys(record.image.platforms),
    source: requireSource(subject),
    image: { name, digest },
    registry,
    namespace,
    stack: { base: base.digest, runtime: runtime.digest, engine: engine.digest },
    variants: variantStacks(subject),
    weights: Object.fromEntries(record.weights.map(({ id, sha256 }) => [id, sha256])),
    byproducts: { sbom: sbomDigest, record: published.record, bundle: published.bundle },
    builder: builderId(),
  });
  const provenanceDigest = await attach("provenance.json", provenanceType, statement);
  const attestations = { sbom: sbomDigest, provenance: provenanceDigest };
  if (!signing) return attestations;
  return {
    ...attestations,
    signature: await ensureSignature(image, attestations, signing, folder),
  };
}

function variantStacks(subject: FetchedSubject): ProvenanceInput["variants"] {
  const stacks = variantsOf(subject).map((one) => {
    const { deployment, runtime, engine } = requireStage("build", one).images;
    const digests = { digest: deployment.digest, runtime: runtime.digest, engine: engine.digest };
    return [one.variant, digests] as const;
  });
  return Object.fromEntries(stacks);
}

/** The signature that is there and good, or a new one: ECDSA gives other bytes each time. */
async function ensureSignature(
  image: string,
  made: Attestations,
  signing: Signing,
  folder: string,
): Promise<string> {
  const [name = ""] = image.split("@");
  for (const signature of await listReferrers(image, bundleType)) {
    if (!(await attestationProblem(name, { ...made, signature }, signing))) return signature;
  }
  const statement = await fetchFirstFile(`${name}@${made.provenance}`);
  const bundle = JSON.stringify(await signStatement(statement));
  const problem = await signatureProblem(bundle, statement, signing);
  if (problem)
    throw new OursError(
      `registry.json trusts no signature that is made here: ${problem}\n  hint: its \`signing\` lists the public keys`,
    );
  writeFile(join(folder, "signature.json"), bundle);
  const files = [{ path: "signature.json", mediaType: bundleType }];
  // By these annotations cosign and others know what was signed before they fetch it.
  return attachArtifact(image, bundleType, folder, files, {
    "dev.sigstore.bundle.content": "dsse-envelope",
    "dev.sigstore.bundle.predicateType": predicateType,
  });
}

/** What is wrong with the signature of a published image; undefined when it is as registry.json wants it. */
export async function attestationProblem(
  name: string,
  { provenance, signature }: Attestations,
  signing: Signing | undefined,
): Promise<string | undefined> {
  if (!signing) return undefined;
  if (!signature) return "no signature";
  const statement = await fetchFirstFile(`${name}@${provenance}`);
  return signatureProblem(await fetchFirstFile(`${name}@${signature}`), statement, signing);
}

function requireSource({ id, source }: FetchedSubject): NonNullable<FetchedSubject["source"]> {
  if (source) return source;
  throw new OursError(`${id} is no entry of the registry, and nothing else is published`);
}

/** The engine, node, and the npm packages in the engine's bundle. */
function engineComponents(): Component[] {
  const { packages } = readJson(join(root, "package-lock.json")) as {
    packages: Record<string, { version: string; license?: string }>;
  };
  const npm = bundled.map((name): Component => {
    const { version = "", license } = packages[`node_modules/${name}`] ?? {};
    const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
    return { name, version, purl, ...(license && { license }) };
  });
  const [, nodeVersion = ""] = /@([\d.]+)/.exec(nodePins.license.source) ?? [];
  return [
    { name: "modelhub-engine", version: engineVersion, license: "Apache-2.0" },
    { name: "node", version: nodeVersion, purl: `pkg:generic/node@${nodeVersion}`, license: "MIT" },
    ...npm,
  ];
}
