import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { OursError } from "../errors.ts";

/** User and password for a registry, in the form of Basic authentication. */
export type Credentials = string;

/** What `docker login` or `oras login` wrote for a host; undefined when nobody logged in. */
export function readCredentials(host: string): Credentials | undefined {
  const file = join(process.env["DOCKER_CONFIG"] ?? join(homedir(), ".docker"), "config.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const { auths } = JSON.parse(text) as { auths?: Record<string, { auth?: string }> };
  return auths?.[host]?.auth;
}

/**
 * The authorization header that a registry's 401 asks for: a token from the place that it names, or
 * the credentials themselves. https://distribution.github.io/distribution/spec/auth/token/
 */
export async function authorize(
  refusal: Response,
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
  const url = new URL(fields["realm"] ?? "");
  if (url.protocol !== "https:" && url.hostname !== "localhost" && url.hostname !== "127.0.0.1")
    throw new OursError(`${refusal.url} asks for a login without encryption, at ${url.origin}`);
  if (fields["service"]) url.searchParams.set("service", fields["service"]);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  const response = await fetch(url, { headers: { ...(basic && { authorization: basic }) } });
  if (!response.ok)
    throw new OursError(`${url.origin} gave no token for ${scopes.join(", ")}: ${response.status}`);
  const { token, access_token } = (await response.json()) as Record<string, string>;
  return `Bearer ${token ?? access_token}`;
}
