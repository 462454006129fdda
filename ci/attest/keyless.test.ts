import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { RetryError } from "../errors.ts";
import { signStatement } from "./sign.ts";
import { SigstoreDouble } from "./sigstore-double.ts";
import { signatureProblem } from "./trust.ts";

const issuer = "https://token.actions.githubusercontent.com";
const subject = "https://github.com/a/bc/.github/workflows/publish.yml@refs/heads/main";
const statement = '{"_type":"https://in-toto.io/Statement/v1"}\n';
const [sigstore, otherSigstore, ofCaller] = [
  new SigstoreDouble({ issuer, subject, repository: "a/bc" }),
  new SigstoreDouble({ issuer, subject, repository: "a/bc" }),
  // Ours begins like it.
  new SigstoreDouble({ issuer, subject, repository: "a/b" }),
];

beforeAll(() => Promise.all([sigstore, otherSigstore, ofCaller].map((one) => one.open())));
afterAll(() => {
  for (const one of [sigstore, otherSigstore, ofCaller]) one.close();
});

beforeEach(() => {
  vi.stubEnv("MODELHUB_SIGNING_KEY", undefined);
  vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_URL", `${sigstore.address}/token?a=1`);
  vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "secret");
});
afterEach(() => vi.unstubAllEnvs());

test("a workflow signs by its identity, and registry.json trusts it by that", async () => {
  const bundle = await signed();
  expect(JSON.parse(bundle).mediaType).toBe("application/vnd.dev.sigstore.bundle.v0.3+json");
  expect(await problem(bundle, { issuer, subject })).toBeUndefined();
  const several = [subject.replace("publish", "engine-release"), subject];
  expect(await problem(bundle, { issuer, subject: several })).toBeUndefined();
});

test("another workflow, branch or issuer is not trusted, nor one whose name only begins alike", async () => {
  const bundle = await signed();
  const others = [
    { issuer, subject: subject.replace("publish", "test") },
    { issuer, subject: subject.replace("main", "other") },
    { issuer, subject: subject.slice(0, -1) },
    { issuer, subject: subject.replace("github.com", "githubccom") },
    { issuer, subject: subject.replace("publish.yml", ".*") },
    { issuer: "https://example.org", subject },
  ];
  for (const identity of others)
    expect(await problem(bundle, identity), identity.subject).toMatch(
      /^none that can be trusted: (certificate identity error|invalid certificate extension)/,
    );
});

test("a workflow of ours that another repository called is not trusted", async () => {
  vi.stubEnv("ACTIONS_ID_TOKEN_REQUEST_URL", `${ofCaller.address}/token?a=1`);
  const signing = { keys: [], identity: { issuer, subject } };
  const bundle = await signed(ofCaller);
  expect(await signatureProblem(bundle, statement, signing, material(ofCaller))).toBe(
    `none that can be trusted: ${subject} signed for another repository, https://github.com/a/b`,
  );
});

test("no identity is trusted where registry.json names none", async () => {
  const signing = { keys: [] };
  expect(await signatureProblem(await signed(), statement, signing, material())).toBe(
    "none that can be trusted: registry.json names no identity that may sign",
  );
});

test("a signature that no log knows is not trusted", async () => {
  const bundle = JSON.parse(await signed());
  bundle.verificationMaterial.tlogEntries = [];
  expect(await problem(JSON.stringify(bundle), { issuer, subject })).toBe(
    "none that can be trusted: expected 1 timestamps, got 0",
  );
});

test("a certificate of another authority is not trusted", async () => {
  const signing = { keys: [], identity: { issuer, subject } };
  const others = material(otherSigstore);
  expect(await signatureProblem(await signed(), statement, signing, others)).toMatch(
    /^none that can be trusted: /,
  );
});

test("where Sigstore can't be reached, the same command may work later", async () => {
  const nowhere = { fulcio: `${sigstore.address}/nowhere`, rekor: sigstore.address };
  await expect(signStatement(statement, nowhere)).rejects.toThrow(RetryError);
});

async function signed({ address } = sigstore): Promise<string> {
  return JSON.stringify(await signStatement(statement, { fulcio: address, rekor: address }));
}

function problem(bundle: string, identity: { issuer: string; subject: string | string[] }) {
  return signatureProblem(bundle, statement, { keys: [], identity }, material());
}

function material(of = sigstore) {
  return async () => {
    if (!of.material) throw new Error("the double is not open");
    return of.material;
  };
}
