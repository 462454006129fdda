import { type IncomingMessage, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { readAddress } from "./config.ts";
import { type Environment, UsageError } from "./environment.ts";

/** The server isn't there, or not ready: no mistake of the one who asks. */
class ServerError extends Error {}

interface Reply {
  status: number;
  body: Buffer;
}

/**
 * `get [--wait SECONDS] [--accept TYPE] PATH`: ask the server in this container, for that media
 * type. Its body goes to stdout.
 */
export async function get(args: string[], env: Environment): Promise<number> {
  const { path, waitSeconds, accept } = readArguments(args);
  const { port } = readAddress(env);
  try {
    if (waitSeconds > 0) await waitUntilReady(port, waitSeconds);
    const reply = await fetchLocal(port, path, accept);
    process.stdout.write(reply.body);
    if (reply.status < 400) return 0;
    console.error(`${path}: ${reply.status} ${detail(reply)}`);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    console.error(`modelhub: ${error.message}`);
  }
  return 1;
}

function readArguments(args: string[]) {
  const rest = [...args];
  let waitSeconds = 0;
  let accept: string | undefined;
  if (rest[0] === "--wait") {
    waitSeconds = Number(rest[1]);
    if (!(waitSeconds >= 0))
      throw new UsageError(`--wait: expected seconds, got "${rest[1] ?? ""}"`);
    rest.splice(0, 2);
  }
  if (rest[0] === "--accept") [, accept] = rest.splice(0, 2);
  const [path, ...more] = rest;
  if (!path?.startsWith("/") || more.length > 0)
    throw new UsageError(
      "get: expected one path that begins with /\n  hint: get [--wait SECONDS] [--accept TYPE] /health/ready",
    );
  return { path, waitSeconds, accept };
}

async function waitUntilReady(port: number, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  let last = "no server answers";
  while (performance.now() < end) {
    const reply = await fetchLocal(port, "/health/ready").catch((error: Error) => error);
    if (!(reply instanceof Error)) {
      if (reply.status < 400) return;
      last = detail(reply);
      // It won't get better by waiting.
      if (problem(reply).code === "setup_failed") throw new ServerError(last);
    }
    await delay(100);
  }
  throw new ServerError(`not ready within ${seconds} s: ${last}`);
}

async function fetchLocal(port: number, path: string, accept = "*/*"): Promise<Reply> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, headers: { accept } }, resolve)
      .once("error", (error: NodeJS.ErrnoException) => reject(unreachable(port, error)))
      .end();
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks) };
}

function unreachable(port: number, error: NodeJS.ErrnoException): ServerError {
  return new ServerError(
    `no server answers at 127.0.0.1:${port} (${error.code ?? error.message})\n  hint: \`get --wait 60 …\` waits until it does`,
  );
}

function detail(reply: Reply): string {
  return problem(reply).detail ?? reply.body.subarray(0, 200).toString();
}

function problem(reply: Reply): { code?: string; detail?: string } {
  try {
    return JSON.parse(reply.body.toString());
  } catch {
    return {};
  }
}
