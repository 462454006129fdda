import { createHash, generateKeyPairSync } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fulcioHandler, initializeCA, initializeCTLog, initializeTLog } from "@sigstore/mock";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { type TrustMaterial, toTrustMaterial } from "@sigstore/verify";

/**
 * Sigstore and GitHub's identities on this machine, for tests: the public ones sign only for a
 * workflow on GitHub. Certificates and log entries come from Sigstore's own library for tests and
 * are as real as any; only nobody else trusts them.
 */
export class SigstoreDouble {
  readonly #server: Server = createServer();
  readonly #claims: { iss: string; sub: string; repository?: string };
  address = "";
  material: TrustMaterial | undefined;

  /** With the identity that every caller gets, and the repository whose run it is. */
  constructor(identity: { issuer: string; subject: string; repository?: string }) {
    const { issuer, subject, repository } = identity;
    this.#claims = { iss: issuer, sub: subject, ...(repository && { repository }) };
  }

  async open(): Promise<this> {
    const ctLog = await initializeCTLog(newKeys());
    const ca = await initializeCA(newKeys(), ctLog);
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    this.address = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    const log = await initializeTLog(this.address, newKeys());
    const fulcio = fulcioHandler(ca);
    const replies: Record<string, (body: string) => Promise<string>> = {
      "/token": async () => JSON.stringify({ value: token(this.#claims) }),
      [fulcio.path]: async (body) => String((await fulcio.fn(body)).response),
      "/api/v1/log/entries": async (body) => JSON.stringify(await log.log(logEntry(body))),
    };
    this.#server.on("request", async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const reply = replies[request.url?.split("?")[0] ?? ""];
      if (!reply) return response.writeHead(404).end();
      const body = await reply(Buffer.concat(chunks).toString());
      response.writeHead(201, { "content-type": "application/json" }).end(body);
    });
    this.material = material(this.address, ca.rootCertificate, ctLog, log.publicKey);
    return this;
  }

  close(): void {
    this.#server.close();
  }
}

function newKeys() {
  return generateKeyPairSync("ec", { namedCurve: "prime256v1" });
}

/** A token as GitHub hands it to a job; the double reads it without asking who signed it. */
function token(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part(claims)}.`;
}

/** What the log keeps of an envelope: its hashes and its signature. */
function logEntry(proposed: string): object {
  const { apiVersion, kind, spec } = JSON.parse(proposed);
  const { envelope, verifiers } = spec.proposedContent;
  const { payload, signatures } = JSON.parse(envelope);
  const hash = (data: string | Buffer) => ({
    algorithm: "sha256",
    value: createHash("sha256").update(data).digest("hex"),
  });
  return {
    apiVersion,
    kind,
    spec: {
      envelopeHash: hash(envelope),
      payloadHash: hash(Buffer.from(payload, "base64")),
      signatures: signatures.map(({ sig }: { sig: string }, index: number) => ({
        signature: sig,
        verifier: verifiers[index],
      })),
    },
  };
}

function material(
  address: string,
  certificate: ArrayBufferView,
  ctLog: { publicKey: ArrayBufferView; logID: ArrayBufferView },
  logKey: Buffer,
): TrustMaterial {
  const base64 = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
    Buffer.from(buffer, byteOffset, byteLength).toString("base64");
  const validFor = { start: new Date(0).toISOString() };
  const log = (key: ArrayBufferView, id: ArrayBufferView) => ({
    baseUrl: address,
    publicKey: { rawBytes: base64(key), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor },
    logId: { keyId: base64(id) },
  });
  const certChain = { certificates: [{ rawBytes: base64(certificate) }] };
  return toTrustMaterial(
    TrustedRoot.fromJSON({
      certificateAuthorities: [{ uri: address, certChain, validFor }],
      tlogs: [log(logKey, createHash("sha256").update(logKey).digest())],
      ctlogs: [log(ctLog.publicKey, ctLog.logID)],
    }),
  );
}
