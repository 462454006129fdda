import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createPlainServer } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Weights } from "#schema/config.ts";
import type { Lock } from "#schema/lock.ts";
import { RegistryDouble } from "./e2e/registry-double.ts";
import { sha256 } from "./files.ts";
import { pushArtifact } from "./images/oci.ts";

const folder = mkdtempSync(join(tmpdir(), "modelhub-mirrors-"));
process.env["MODELHUB_HOME"] = join(folder, "home");
const { fetchWeights } = await import("./weights.ts");

const content = "weights that outlive their host";
let server: Server;
let origin = "";
/** A host that gives the right bytes without TLS. */
const plain = createPlainServer((_, response) => response.end(content));
let plainOrigin = "";

beforeAll(async () => {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  await execa("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
    ...["-keyout", key, "-out", cert, "-subj", "/CN=localhost", "-days", "2"],
  ]);
  // The host of this test vouches for itself.
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  const pair = { key: readFileSync(key), cert: readFileSync(cert) };
  server = createServer(pair, ({ url }, response) => {
    if (url === "/plain") return response.writeHead(302, { location: plainOrigin }).end();
    if (url === "/login") return response.end("<!DOCTYPE html><title>Log in</title>");
    if (url === "/round") return response.writeHead(302, { location: url }).end();
    if (url === "/broken") {
      response.writeHead(200, { "content-length": 1000 }).write("some");
      return setTimeout(() => response.destroy(), 50);
    }
    const text = { "/net.onnx": content, "/other": "other bytes" }[url ?? ""];
    return response.writeHead(text ? 200 : 404).end(text);
  });
  await new Promise<void>((done) => server.listen(0, done));
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((done) => plain.listen(0, done));
  plainOrigin = `http://localhost:${(plain.address() as AddressInfo).port}/net.onnx`;
});
afterAll(() => {
  delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  server.close();
  plain.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => rmSync(join(folder, "home"), { recursive: true, force: true }));

function weights(source: string, ...mirrors: string[]): Weights {
  return { id: "net", format: "other", sha256: sha256(content), source, mirrors };
}

async function fetched(file: Weights, lock?: Lock): Promise<string> {
  const { path } = await fetchWeights(file, { folder, ...(lock && { lock }) });
  return readFileSync(path, "utf8");
}

const nowhere = "https://localhost:1/net.onnx";

describe("weights are had from a mirror", () => {
  test.each([
    ["their source does not answer", () => nowhere],
    ["it lacks them", () => `${origin}/gone`],
    ["it gives other bytes", () => `${origin}/other`],
  ])("when %s", async (_, source) => {
    expect(await fetched(weights(source(), `${origin}/net.onnx`))).toBe(content);
  });

  test("and not from one whose bytes are others: what is wrong with the source is told", async () => {
    await expect(fetched(weights(`${origin}/gone`, `${origin}/other`))).rejects.toThrow(
      `404 from ${origin}/gone`,
    );
  });
});

test("weights larger than they may be are left where they are", async () => {
  const large = fetchWeights(weights(`${origin}/net.onnx`), { folder, maxBytes: 5 });
  await expect(large).rejects.toThrow("weights[net].source: expected at most 5 bytes, got more");
});

test("an address that leads on to plain http is refused", async () => {
  await expect(fetched(weights(`${origin}/plain`))).rejects.toThrow(`200 from ${plainOrigin}`);
});

test.each([
  ["/gone", "weights[net].source: expected an https address that answers 200, got 404 from"],
  ["/round", "expected an https address that answers 200, got redirects without end"],
  ["/login", "weights[net].source: expected the file itself, got a web page, from"],
  ["/other", "weights[net].sha256: expected"],
])("an address that gives no weights is the contribution's fault: %s", async (path, words) => {
  const error = await fetched(weights(origin + path)).catch((error) => error);
  expect(error).toMatchObject({ exitCode: 1 });
  expect(error.message).toContain(words);
});

test("a host that breaks off within the file is a reason to try again", async () => {
  await expect(fetched(weights(`${origin}/broken`))).rejects.toMatchObject({
    exitCode: 75,
    message: expect.stringContaining("/broken broke off after 4 bytes"),
  });
});

test("each place that weights are asked from is told", async () => {
  const said: string[] = [];
  const places = weights(nowhere, `${origin}/net.onnx`);
  await fetchWeights(places, { folder, say: (line) => said.push(line) });
  expect(said).toEqual([`fetching ${nowhere}`, `fetching ${origin}/net.onnx`]);
  await fetchWeights(places, { folder, say: (line) => said.push(line) });
  expect(said).toHaveLength(2);
});

test("published weights are had from the registry when every host is gone, by their hash", async () => {
  const double = await RegistryDouble.open();
  try {
    const name = `${double.host}/models/tiny`;
    writeFileSync(join(folder, "net.onnx"), content);
    const mediaType = "application/vnd.cncf.model.weight.v1.raw";
    const files = [{ path: "net.onnx", mediaType }];
    const bundle = await pushArtifact(`${name}:1`, "application/example", folder, files);
    const lock = { image: { name }, bundle, weights: { net: sha256(content) } } as unknown as Lock;
    expect(await fetched(weights(nowhere), lock)).toBe(content);

    rmSync(join(folder, "home"), { recursive: true });
    double.break({ kind: "wrongBytes" }, { path: /blobs/ });
    await expect(fetched(weights(nowhere), lock)).rejects.toThrow("holds other bytes");
  } finally {
    await double.close();
  }
});
