import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Input } from "#schema/config.ts";
import { fetchInput, type Resolve } from "./fetch-input.ts";
import { RequestFolder } from "./intake.ts";
import { readLimits } from "./limits.ts";

const input = { id: "image", mediaTypes: ["image/png"] } as Input;
const parent = mkdtempSync(join(tmpdir(), "fetch-"));
const servers: Server[] = [];
let folders = 0;

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server on loopback; gives its host and port. */
async function host(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function fetchFrom(
  address: string,
  env: Record<string, string>,
  resolve?: Resolve,
  totalSeconds = 60,
) {
  folders += 1;
  const limits = readLimits({ MODELHUB_URL_INPUT: "allowlist", ...env }, undefined);
  return fetchInput(
    address,
    input,
    new RequestFolder(parent, String(folders)),
    limits,
    new AbortController().signal,
    resolve,
    { connectSeconds: totalSeconds / 2, totalSeconds },
  );
}

describe("fetchInput", () => {
  it("gives a file as an upload would", async () => {
    const listed = await host((_, reply) => {
      reply.setHeader("content-type", "image/png").end("bytes");
    });
    const found = await fetchFrom(`http://${listed}/a.png?b=c`, { MODELHUB_URL_HOSTS: listed });
    expect(found).toEqual({ mediaType: "image/png", body: Buffer.from("bytes") });
  });

  it("puts a large one into the request's folder, of a type to be found out", async () => {
    const listed = await host((_, reply) => reply.end(Buffer.alloc(3_000_000, 1)));
    const found = await fetchFrom(`http://${listed}/`, { MODELHUB_URL_HOSTS: listed });
    expect(found.mediaType).toBe(null);
    expect(readFileSync((found as { path: string }).path)).toHaveLength(3_000_000);
    expect(readdirSync(join(parent, String(folders)))).toHaveLength(1);
  });

  it("resolves a name once and connects to what was checked", async () => {
    const hit: string[] = [];
    const listed = await host(({ headers }, reply) => {
      hit.push(headers.host ?? "");
      reply.end("bytes");
    });
    const [, port] = listed.split(":");
    const answers = [["127.0.0.1"], ["127.0.0.2"]];
    const name = `rebinding.example:${port}`;
    const resolve: Resolve = async () => answers.shift() ?? [];
    await fetchFrom(`http://${name}/`, { MODELHUB_URL_HOSTS: name }, resolve);
    expect(hit).toEqual([name]);
    expect(answers).toHaveLength(1);
  });

  it.each([
    ["one of a name's addresses is private", ["93.184.215.14", "127.0.0.1"]],
    ["a name leads to the metadata service", ["169.254.169.254"]],
    ["a name leads nowhere", []],
  ])("refuses when %s, without connecting", async (_, addresses) => {
    let hits = 0;
    const other = await host((_, reply) => {
      hits += 1;
      reply.end("secret");
    });
    const [, port] = other.split(":");
    const env = { MODELHUB_URL_INPUT: "public" };
    const fetched = fetchFrom(`https://name.example:${port}/`, env, async () => addresses);
    await expect(fetched).rejects.toMatchObject({ code: "url_refused", status: 403 });
    expect(hits).toBe(0);
  });

  it.each([
    "http://127.0.0.1/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://0x7f000001/",
    "https://2130706433/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://localhost/",
    "https://user:password@example.org/",
    "http://example.org/",
    "file:///etc/passwd",
    "ftp://example.org/",
    "example.org/a.png",
    "",
  ])("refuses %s for the public", async (address) => {
    const fetched = fetchFrom(address, { MODELHUB_URL_INPUT: "public" });
    await expect(fetched).rejects.toMatchObject({ code: "url_refused", status: 403 });
  });

  it.each([
    ["https://other.example/", "listed.example"],
    ["http://listed.example/", "listed.example"],
    ["https://listed.example:8443/", "listed.example"],
    ["http://listed.example:8080/", "listed.example:8081"],
  ])("refuses %s where %s is listed", async (address, hosts) => {
    const fetched = fetchFrom(address, { MODELHUB_URL_HOSTS: hosts }, async () => [
      "93.184.215.14",
    ]);
    await expect(fetched).rejects.toMatchObject({ code: "url_refused" });
  });

  it("lets a host without a port lead to the public internet only", async () => {
    const env = { MODELHUB_URL_HOSTS: "listed.example" };
    const fetched = fetchFrom("https://listed.example/", env, async () => ["10.0.0.1"]);
    await expect(fetched).rejects.toMatchObject({ code: "url_refused" });
  });

  it.each<[string, RequestListener, RegExp]>([
    [
      "a redirect",
      (_, reply) => reply.writeHead(302, { location: "http://127.0.0.1/" }).end(),
      /redirects/,
    ],
    ["an error", (_, reply) => reply.writeHead(404).end("no"), /status 404/],
    ["nothing", (_, reply) => reply.end(), /empty/],
    [
      "a compressed reply",
      (_, reply) => reply.writeHead(200, { "content-encoding": "gzip" }).end("x"),
      /compressed/,
    ],
    [
      "half a file",
      (_, reply) => {
        reply.writeHead(200, { "content-length": "10" }).write("half");
        setTimeout(() => reply.destroy(), 50);
      },
      /ended before/,
    ],
  ])("tells that a host gave %s", async (_, listener, detail) => {
    const listed = await host(listener);
    const fetched = fetchFrom(`http://${listed}/`, { MODELHUB_URL_HOSTS: listed });
    await expect(fetched).rejects.toMatchObject({
      code: "url_failed",
      message: expect.stringMatching(detail),
    });
  });

  it.each<[string, RequestListener]>([
    ["a file that never ends", (_, reply) => reply.write("x")],
    ["no answer", () => {}],
  ])("waits for a while only when a host gives %s", async (_, listener) => {
    const listed = await host(listener);
    const env = { MODELHUB_URL_HOSTS: listed };
    await expect(fetchFrom(`http://${listed}/`, env, undefined, 0.6)).rejects.toMatchObject({
      code: "url_failed",
      message: expect.stringMatching(/not there within 0.6 s/),
    });
  });

  it("counts while it streams, whatever the host announces", async () => {
    const listed = await host((_, reply) => {
      const more = () => {
        if (!reply.destroyed) reply.write(Buffer.alloc(10_000), more);
      };
      more();
    });
    const env = { MODELHUB_URL_HOSTS: listed, MODELHUB_MAX_BODY: "100000" };
    await expect(fetchFrom(`http://${listed}/`, env)).rejects.toMatchObject({
      code: "too_large",
      status: 413,
    });
  });

  it("waits for a name no longer than for the rest", async () => {
    const never = () => new Promise<string[]>(() => {});
    const env = { MODELHUB_URL_INPUT: "public" };
    const fetched = fetchFrom("https://slow.example/", env, never, 0.6);
    await expect(fetched).rejects.toMatchObject({ code: "url_failed" });
  });
});

describe("the settings", () => {
  it.each([
    [{ MODELHUB_URL_INPUT: "yes" }, /expected off, public, allowlist; got "yes"/],
    [{ MODELHUB_URL_INPUT: "allowlist" }, /MODELHUB_URL_HOSTS: expected hosts/],
  ])("refuse %j", (env, message) => {
    expect(() => readLimits(env, undefined)).toThrow(message);
  });

  it("fetch nothing unless told to", () => {
    expect(readLimits({}, undefined).urls.mode).toBe("off");
  });
});
