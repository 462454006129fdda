import { createPublicKey } from "node:crypto";
import { type Bundle, bundleFromJSON } from "@sigstore/bundle";
import type { TrustMaterial, toSignedEntity, VerificationPolicy, Verifier } from "@sigstore/verify";
import type { Instance } from "#schema/instance.ts";
import { RetryError } from "../errors.ts";
import { homeFolder } from "../home.ts";
import { provenanceType } from "./provenance.ts";
import { keyHint } from "./sign.ts";

/** Whom a registry trusts: the keys and the identity under `signing` of its registry.json. */
export type Signing = NonNullable<Instance["signing"]>;

/**
 * Why a bundle isn't a trusted signature of a statement; undefined when it is one. `sigstore` gives
 * the certificates and logs that a signature without a key of its own rests on.
 */
export async function signatureProblem(
  text: string,
  statement: string,
  signing: Signing,
  sigstore = sigstoreMaterial,
): Promise<string | undefined> {
  try {
    const bundle = bundleFromJSON(JSON.parse(text));
    const { content } = bundle;
    if (content.$case !== "dsseEnvelope") return "a bundle without a statement";
    const { payload, payloadType } = content.dsseEnvelope;
    if (payloadType !== provenanceType) return `a signature of ${payloadType}`;
    if (payload.toString("utf8") !== statement) return "a signature of another statement";
    const { verifier, policy } = await verifierFor(bundle, signing, sigstore);
    const { toSignedEntity } = await import("@sigstore/verify");
    const entity = toSignedEntity(bundle);
    verifier.verify(entity, policy);
    return entity.key.$case === "certificate" ? callerProblem(entity.key.certificate) : undefined;
  } catch (error) {
    if (error instanceof RetryError) throw error;
    return `none that can be trusted: ${(error as Error).message}`;
  }
}

// https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
const sourceRepository = "1.3.6.1.4.1.57264.1.12";

/** GitHub lets any repository call a workflow of ours, which then signs in its own name for that repository. */
function callerProblem(certificate: X509Certificate): string | undefined {
  const caller = certificate.extension(sourceRepository)?.valueObj.subs[0]?.value.toString();
  const workflow = certificate.subjectAltName ?? "";
  if (!caller || workflow.startsWith(`${caller}/`)) return undefined;
  return `none that can be trusted: ${workflow} signed for another repository, ${caller}`;
}

type X509Certificate = Extract<
  ReturnType<typeof toSignedEntity>["key"],
  { $case: "certificate" }
>["certificate"];

async function verifierFor(
  bundle: Bundle,
  signing: Signing,
  sigstore: () => Promise<TrustMaterial>,
): Promise<{ verifier: Verifier; policy?: VerificationPolicy }> {
  const { Verifier } = await import("@sigstore/verify");
  if (bundle.verificationMaterial.content.$case === "publicKey") {
    // A key that registry.json names needs nobody else's word: no certificate, no log, no time.
    const none = { ctlogThreshold: 0, tlogThreshold: 0, timestampThreshold: 0 };
    return { verifier: new Verifier(keyMaterial(signing.keys), none) };
  }
  if (!signing.identity) throw new Error("registry.json names no identity that may sign");
  const { issuer, subject } = signing.identity;
  // The policy takes a regular expression; ours are exact texts.
  const texts = [subject].flat().map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  const exact = `^(${texts.join("|")})$`;
  return {
    verifier: new Verifier(await sigstore()),
    policy: { subjectAlternativeName: exact, extensions: { issuer } },
  };
}

function keyMaterial(keys: readonly string[]): TrustMaterial {
  const known = new Map(keys.map((pem) => createPublicKey(pem)).map((key) => [keyHint(key), key]));
  return {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey: (hint) => {
      const publicKey = known.get(hint);
      if (!publicKey) throw new Error("registry.json doesn't list the key that signed");
      return { publicKey, validFor: () => true };
    },
  };
}

// Sigstore is asked once in a run, and not for each signature.
let material: Promise<TrustMaterial> | undefined;

function sigstoreMaterial(): Promise<TrustMaterial> {
  material ??= fetchMaterial();
  return material;
}

/** Sigstore's own certificates and logs, which it hands out signed; kept in the home folder. */
async function fetchMaterial(): Promise<TrustMaterial> {
  const { getTrustedRoot } = await import("@sigstore/tuf");
  const { toTrustMaterial } = await import("@sigstore/verify");
  try {
    return toTrustMaterial(await getTrustedRoot({ cachePath: homeFolder("sigstore") }));
  } catch (error) {
    throw new RetryError(`Sigstore's root of trust can't be fetched: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
