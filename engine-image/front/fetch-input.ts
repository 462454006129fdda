import { lookup } from "node:dns/promises";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import type { Input } from "#schema/config.ts";
import { Intake, type RequestFolder } from "./intake.ts";
import type { Limits } from "./limits.ts";
import { Problem } from "./problem.ts";
import { allowedUrl, checkAddresses } from "./url-policy.ts";
import type { InferInput } from "./worker.ts";

/** Gives all addresses of a host. */
export type Resolve = (host: string) => Promise<string[]>;

export interface FetchTimes {
  connectSeconds: number;
  totalSeconds: number;
}

const usualTimes: FetchTimes = { connectSeconds: 5, totalSeconds: 30 };

/**
 * Fetch an input from an address that a client names. The host is resolved once, all its addresses
 * are checked, and the connection goes to one of them: what the name means later is of no account.
 */
export async function fetchInput(
  address: string,
  input: Input,
  folder: RequestFolder,
  limits: Limits,
  signal: AbortSignal,
  resolve: Resolve = resolveAll,
  times: FetchTimes = usualTimes,
): Promise<InferInput> {
  const url = allowedUrl(address, limits.urls);
  const late = AbortSignal.timeout(times.totalSeconds * 1000);
  const stop = AbortSignal.any([signal, late]);
  try {
    const [first = "", ...others] = await aborted(addressesOf(url, resolve), stop);
    checkAddresses(url, [first, ...others], limits.urls);
    const response = await get(url, first, stop, times.connectSeconds);
    requirePlainFile(response);
    return await take(response, input, folder, limits);
  } catch (error) {
    if (late.aborted) throw failed(`It was not there within ${times.totalSeconds} s.`);
    if (error instanceof Problem) throw error;
    throw failed(`${(error as NodeJS.ErrnoException).code ?? "The connection failed"}.`);
  }
}

async function resolveAll(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** An address in a URL stands for itself, IPv6 in brackets. */
async function addressesOf({ hostname }: URL, resolve: Resolve): Promise<string[]> {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return isIP(host) ? [host] : resolve(host);
}

/** The reply's head, from that very address and with no agent, proxy or redirect in between. */
function get(
  url: URL,
  address: string,
  signal: AbortSignal,
  connectSeconds: number,
): Promise<IncomingMessage> {
  const isSecure = url.protocol === "https:";
  return new Promise((resolve, reject) => {
    const request = (isSecure ? requestHttps : requestHttp)({
      host: address,
      port: url.port || (isSecure ? 443 : 80),
      path: url.pathname + url.search,
      headers: { host: url.host, "accept-encoding": "identity", "user-agent": "modelhub" },
      agent: false,
      signal,
      // The certificate is held against the name. An address has no server name in TLS.
      ...(isSecure && !isIP(url.hostname) && { servername: url.hostname }),
    });
    const slow = setTimeout(
      () => request.destroy(failed(`There was no connection within ${connectSeconds} s.`)),
      connectSeconds * 1000,
    );
    request.once("socket", (socket) =>
      socket.once(isSecure ? "secureConnect" : "connect", () => clearTimeout(slow)),
    );
    request.once("close", () => clearTimeout(slow));
    request.once("error", reject);
    request.once("response", resolve);
    request.end();
  });
}

function requirePlainFile(response: IncomingMessage): void {
  const why = whyNoFile(response);
  if (!why) return;
  response.destroy();
  throw failed(why);
}

function whyNoFile({ statusCode = 0, headers }: IncomingMessage): string | undefined {
  if (statusCode >= 300 && statusCode < 400)
    return "The host redirects to another address, and redirects aren't followed.";
  if (statusCode !== 200) return `The host answered with status ${statusCode}.`;
  if ((headers["content-encoding"] ?? "identity") !== "identity")
    return "The host compressed its reply.";
  return undefined;
}

async function take(
  response: IncomingMessage,
  input: Input,
  folder: RequestFolder,
  limits: Limits,
): Promise<InferInput> {
  const type = response.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  const mediaType = type && input.mediaTypes.includes(type) ? type : null;
  const intake = new Intake(response, folder, limits, () => tooLarge(limits));
  try {
    const content = await intake.collect(response);
    if ("path" in content) return { mediaType, path: content.path };
    if (content.length === 0) throw failed("The file there is empty.");
    return { mediaType, body: content };
  } catch (error) {
    response.destroy();
    throw error instanceof Problem && error.code === "malformed_request"
      ? failed("The connection ended before the file did.")
      : error;
  }
}

/** The promise, or a rejection as soon as the signal aborts. */
function aborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}

function failed(why: string): Problem {
  return new Problem(
    "url_failed",
    `The file could not be fetched. ${why} Check the address, or download the file and send it by POST to /api/predict.`,
  );
}

function tooLarge({ bodyBytes }: Limits): Problem {
  return new Problem(
    "too_large",
    `The file at the address holds more than ${bodyBytes} bytes. Send a smaller one, or start the server with MODELHUB_MAX_BODY set to more bytes.`,
  );
}
