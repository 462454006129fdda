import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bundleToJSON } from "@sigstore/bundle";
import type { Signer, Witness } from "@sigstore/sign";
import { OursError, RetryError } from "../errors.ts";
import { home } from "../home.ts";
import { provenanceType } from "./provenance.ts";

/**
 * Signing: a Sigstore bundle over an in-toto statement: by the key of the environment, on GitHub by
 * the workflow's own identity, else by the key that scripts/demo keeps for this machine.
 * https://docs.sigstore.dev/about/bundle/
 */

export const bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** Addresses of the certificate authority and of the log that a signature without a key needs. */
export interface Sigstore {
  fulcio: string;
  rekor: string;
}

const publicSigstore: Sigstore = {
  fulcio: "https://fulcio.sigstore.dev",
  rekor: "https://rekor.sigstore.dev",
};

/** Signs a statement with what the environment offers; returns the bundle as JSON. */
export async function signStatement(statement: string, sigstore = publicSigstore): Promise<object> {
  const { DSSEBundleBuilder } = await import("@sigstore/sign");
  const builder = new DSSEBundleBuilder(await signing(sigstore));
  const artifact = { data: Buffer.from(statement), type: provenanceType };
  try {
    return bundleToJSON(await builder.create(artifact)) as object;
  } catch (error) {
    throw new RetryError(`Sigstore signed nothing: ${(error as Error).message}`, { cause: error });
  }
}

async function signing(sigstore: Sigstore): Promise<{ signer: Signer; witnesses: Witness[] }> {
  const given = process.env["MODELHUB_SIGNING_KEY"];
  if (given) return { signer: keySigner(given), witnesses: [] };
  if (process.env["ACTIONS_ID_TOKEN_REQUEST_URL"]) return keyless(sigstore);
  const file = join(home, "signing-key.pem");
  if (existsSync(file)) return { signer: keySigner(readFileSync(file, "utf8")), witnesses: [] };
  throw new OursError(
    "registry.json wants images signed, and there is nothing to sign with\n  hint: MODELHUB_SIGNING_KEY holds a private key in PEM; on GitHub the job may have `id-token: write` instead",
  );
}

/** Signs by GitHub's word for which workflow this is; the signature is put on a public log. */
async function keyless({ fulcio, rekor }: Sigstore): Promise<{
  signer: Signer;
  witnesses: Witness[];
}> {
  const { CIContextProvider, FulcioSigner, RekorWitness } = await import("@sigstore/sign");
  const signer = new FulcioSigner({
    fulcioBaseURL: fulcio,
    identityProvider: new CIContextProvider("sigstore"),
    retry: 3,
  });
  const witness = new RekorWitness({ rekorBaseURL: rekor, retry: 3 });
  return { signer, witnesses: [witness] };
}

function keySigner(pem: string): Signer {
  const privateKey = readKey(pem);
  const key = createPublicKey(privateKey);
  const publicKey = key.export({ type: "spki", format: "pem" }).toString();
  return {
    sign: async (data) => ({
      signature: sign("sha256", data, privateKey),
      key: { $case: "publicKey", publicKey, hint: keyHint(key) },
    }),
  };
}

function readKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new OursError("the signing key: expected a private key in PEM, got another text");
  }
  const kind = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType;
  if (kind === "prime256v1") return key;
  throw new OursError(`the signing key: expected an ECDSA key on P-256, got ${kind}`);
}

/** What a bundle calls a public key: the hash of its bytes. */
export function keyHint(key: KeyObject): string {
  const bytes = key.export({ type: "spki", format: "der" });
  return createHash("sha256").update(bytes).digest("base64");
}
