import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { OursError } from "../errors.ts";
import { refuseBusy } from "./patience.ts";
import type { HttpReply } from "./send.ts";

/** User and password for a registry, in the form of Basic authentication. */
export type Credentials = string;

interface DockerConfig {
  auths?: Record<string, { auth?: string }>;
  /** Programs that keep the credentials of one host, or of all. */
  credHelpers?: Record<string, string>;
  credsStore?: string;
}

/** What `docker login` or `oras login` wrote for a host; undefined when nobody logged in. */
export function readCredentials(host: string): Credentials | undefined {
  const file = join(process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const { auths, credHelpers, credsStore } = JSON.parse(text) as DockerConfig;
  const helper = credHelpers?.[host] ?? credsStore;
  return auths?.[host]?.auth ?? (helper ? askHelper(helper, host) : undefined);
}

/** https://github.com/docker/docker-credential-helpers#development */
function askHelper(helper: string, host: string): Credentials | undefined {
  const { status, stdout } = spawnSync(`docker-credential-${helper}`, ["get"], {
    input: host,
    encoding: "utf8",
  });
  // So says a helper that knows no such host.
  if (status !== 0) return undefined;
  const { Username, Secret } = JSON.parse(stdout) as Record<string, string>;
  return Buffer.from(`${Username}:${Secret}`).toString("base64");
}

/**
 * The authorization header that a registry's 401 asks for: a token from the place that it names, or
 * the credentials themselves. https://distribution.github.io/distribution/spec/auth/token/
 */
export async function authorize(
  refusal: HttpReply,
  scopes: readonly string[],
  credentials: Credentials | undefined,
): Promise<string> {
  const challenge = refusal.headers.get("www-authenticate") ?? "";
  const basic = credentials && `Basic ${credentials}`;
  if (!/^bearer /i.test(challenge)) {
    if (basic) return basic;
    throw new OursError(`${refusal.url} wants a login\n  hint: \`oras login\` or \`docker login\``);
  }
  const fields = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
  );
  const { realm = "" } = fields;
  if (!URL.canParse(realm))
    throw new OursError(`${refusal.url} wants a token and doesn't say where from`);
  const url = new URL(realm);
  if (url.protocol !== "https:" && url.hostname !== "localhost" && url.hostname !== "127.0.0.1")
    throw new OursError(`${refusal.url} asks for a login without encryption, at ${url.origin}`);
  if (fields["service"]) url.searchParams.set("service", fields["service"]);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  const response = await fetch(url, { headers: { ...(basic && { authorization: basic }) } });
  const text = await response.text();
  refuseBusy(response, text);
  if (!response.ok)
    throw new OursError(`${url.origin} gave no token for ${scopes.join(", ")}: ${response.status}`);
  const { token, access_token } = JSON.parse(text) as Record<string, string>;
  return `Bearer ${token ?? access_token}`;
}
