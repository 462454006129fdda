import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { signStatement } from "./sign.ts";
import { signatureProblem } from "./trust.ts";

const [ours, theirs] = [keyPair(), keyPair()];
const statement = '{"_type":"https://in-toto.io/Statement/v1"}\n';

afterEach(() => vi.unstubAllEnvs());

describe("a signature by a key", () => {
  test("is trusted where registry.json lists the key, whichever others it lists", async () => {
    const bundle = await signedWith(ours.privateKey);
    expect(await problem(bundle, [theirs.publicKey, ours.publicKey])).toBeUndefined();
  });

  test("is a Sigstore bundle of version 0.3", async () => {
    const { mediaType, verificationMaterial } = JSON.parse(await signedWith(ours.privateKey));
    expect(mediaType).toBe("application/vnd.dev.sigstore.bundle.v0.3+json");
    expect(verificationMaterial.publicKey.hint).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });

  test("is not trusted where registry.json lists other keys, or none", async () => {
    const bundle = await signedWith(theirs.privateKey);
    expect(await problem(bundle, [ours.publicKey])).toContain("doesn't list the key");
    expect(await problem(bundle, [])).toContain("doesn't list the key");
  });

  test("is not trusted when it names another's key as its own", async () => {
    const [bundle, other] = [
      JSON.parse(await signedWith(theirs.privateKey)),
      JSON.parse(await signedWith(ours.privateKey)),
    ];
    const forged = { ...bundle, verificationMaterial: other.verificationMaterial };
    expect(await problem(JSON.stringify(forged), [ours.publicKey])).toContain(
      "signature verification failed",
    );
  });

  test("is not trusted for a statement with one byte changed", async () => {
    const bundle = await signedWith(ours.privateKey);
    const other = statement.replace("Statement", "statement");
    expect(await signatureProblem(bundle, other, { keys: [ours.publicKey] })).toBe(
      "a signature of another statement",
    );
    const forged = JSON.parse(bundle);
    forged.dsseEnvelope.payload = Buffer.from(other).toString("base64");
    expect(
      await signatureProblem(JSON.stringify(forged), other, { keys: [ours.publicKey] }),
    ).toContain("signature verification failed");
  });

  test("is not trusted for a document that is no statement", async () => {
    const bundle = JSON.parse(await signedWith(ours.privateKey));
    bundle.dsseEnvelope.payloadType = "text/plain";
    expect(await problem(JSON.stringify(bundle), [ours.publicKey])).toBe(
      "a signature of text/plain",
    );
  });

  test("is not trusted with any one of its bytes changed", async () => {
    const bundle = JSON.parse(await signedWith(ours.privateKey));
    const [{ sig }] = bundle.dsseEnvelope.signatures;
    const bytes = Buffer.from(sig, "base64");
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.with(at, (bytes[at] ?? 0) ^ 1);
      bundle.dsseEnvelope.signatures[0].sig = Buffer.from(changed).toString("base64");
      expect(await problem(JSON.stringify(bundle), [ours.publicKey]), `byte ${at}`).toBeDefined();
    }
  });

  test("is not trusted when it is no bundle at all", async () => {
    for (const text of ["", "{}", "[]", "null", '{"mediaType": 1}'])
      expect(await problem(text, [ours.publicKey]), text).toContain("none that can be trusted");
  });
});

describe("what signs", () => {
  test("has to be a key on P-256", async () => {
    const { privateKey } = keyPair("secp384r1");
    await expect(signedWith(privateKey)).rejects.toThrow(
      "expected an ECDSA key on P-256, got secp384r1",
    );
    await expect(signedWith("secret")).rejects.toThrow("expected a private key in PEM");
  });

  test("is asked for where there is nothing", async () => {
    vi.stubEnv("MODELHUB_HOME", "/nowhere");
    vi.stubEnv("MODELHUB_SIGNING_KEY", undefined);
    vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_URL", undefined);
    vi.resetModules();
    const { signStatement } = await import("./sign.ts");
    await expect(signStatement(statement)).rejects.toThrow("MODELHUB_SIGNING_KEY holds a private");
  });
});

async function signedWith(privateKey: string): Promise<string> {
  vi.stubEnv("MODELHUB_SIGNING_KEY", privateKey);
  return JSON.stringify(await signStatement(statement));
}

function problem(bundle: string, keys: string[]): Promise<string | undefined> {
  return signatureProblem(bundle, statement, { keys });
}

function keyPair(namedCurve = "prime256v1") {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve });
  return {
    publicKey: String(publicKey.export({ type: "spki", format: "pem" })),
    privateKey: String(privateKey.export({ type: "pkcs8", format: "pem" })),
  };
}
