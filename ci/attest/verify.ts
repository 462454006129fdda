import type { Lock } from "#schema/lock.ts";
import { hashOf, Statement, variantSubject } from "./provenance.ts";
import { type Signing, signatureProblem } from "./trust.ts";

/** What a verification of one version offers: the files that a lock names, and a place for problems. */
export interface Verification {
  differs(key: string, expected: string, got: string): void;
  /** The first file of a referrer of the image; a problem, and nothing, when it isn't what it was. */
  referrer(key: string, digest: string): Promise<string | undefined>;
}

/** Holds SBOM, provenance and signature against the lock, and the signature against registry.json. */
export async function verifyAttestations(
  check: Verification,
  lock: Lock,
  signing: Signing | undefined,
): Promise<void> {
  const { attestations } = lock;
  if (!attestations) {
    if (signing) check.differs("attestations", "a signature, as registry.json demands", "none");
    return;
  }
  const { sbom, provenance, signature } = attestations;
  await check.referrer("attestations.sbom", sbom);
  const statement = await check.referrer("attestations.provenance", provenance);
  if (statement !== undefined) compareStatement(check, lock, sbom, statement);
  if (!signing) return;
  const key = "attestations.signature";
  if (!signature) return check.differs(key, "a signature, as registry.json demands", "none");
  const bundle = await check.referrer(key, signature);
  if (bundle === undefined || statement === undefined) return;
  const problem = await signatureProblem(bundle, statement, signing);
  if (problem) check.differs(key, "a signature that registry.json trusts", problem);
}

/** Holds each digest that the provenance states against the lock's. */
function compareStatement(check: Verification, lock: Lock, sbom: string, text: string): void {
  const key = "attestations.provenance";
  const parsed = Statement.safeParse(parse(text));
  if (!parsed.success) {
    check.differs(key, "SLSA provenance", "another document");
    return;
  }
  const { subject, predicate } = parsed.data;
  const { externalParameters, resolvedDependencies } = predicate.buildDefinition;
  const [image, ...variants] = subject;
  const stated = {
    image: image?.digest.sha256,
    id: externalParameters.id,
    version: externalParameters.version,
    ...Object.fromEntries(variants.map(({ name, digest }) => [name, digest.sha256])),
    "source.repository": externalParameters.repository,
    "source.revision": externalParameters.revision,
    "source.path": externalParameters.path,
    ...Object.fromEntries(
      resolvedDependencies
        .filter(({ name }) => name !== "source")
        .map(({ name, digest }) => [name, digest["sha256"]]),
    ),
    ...Object.fromEntries(
      predicate.runDetails.byproducts.map(({ name, digest }) => [name, digest.sha256]),
    ),
  };
  const locked = lockedFacts(lock, sbom);
  for (const name of new Set([...Object.keys(locked), ...Object.keys(stated)])) {
    const [inStatement, inLock] = [stated[name as keyof typeof stated], locked[name]];
    if (inStatement !== inLock)
      check.differs(
        key,
        `${name} ${inLock ?? "left out"}, as in the lock`,
        inStatement ?? "nothing",
      );
  }
}

/** What the provenance has to state of each thing. */
function lockedFacts(lock: Lock, sbom: string): Partial<Record<string, string>> {
  const { id, version, source, image, stack, variants = {}, weights, bundle, record } = lock;
  const ofVariants = Object.entries(variants).flatMap(([variant, one]) => [
    [variantSubject(image.name, version, variant), hashOf(one.digest)],
    [`${variant}/runtime`, hashOf(one.runtime)],
    [`${variant}/engine`, hashOf(one.engine)],
  ]);
  return {
    image: hashOf(image.digest),
    id,
    version,
    ...Object.fromEntries(ofVariants),
    "source.repository": source.repository,
    "source.revision": source.revision,
    "source.path": source.path,
    base: hashOf(stack.base),
    runtime: hashOf(stack.runtime),
    engine: hashOf(stack.engine),
    ...Object.fromEntries(Object.entries(weights).map(([id, sha256]) => [`weights/${id}`, sha256])),
    sbom: hashOf(sbom),
    record: hashOf(record),
    bundle: hashOf(bundle),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
