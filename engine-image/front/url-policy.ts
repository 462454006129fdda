import { type Environment, UsageError } from "./environment.ts";
import { Problem } from "./problem.ts";
import { isPrivate, isPublic } from "./public-address.ts";

/** From where the server fetches inputs: from nowhere, any public https address, or listed hosts. */
export interface UrlPolicy {
  mode: "off" | "public" | "allowlist";
  /** With a port, the operator vouches for that service: it may be private and plain http. */
  hosts: ReadonlySet<string>;
}

const modes = ["off", "public", "allowlist"] as const;

/** The policy that the environment names; off where it names none. Throws UsageError. */
export function readUrlPolicy(env: Environment): UrlPolicy {
  const mode = modes.find((known) => known === (env.MODELHUB_URL_INPUT || "off"));
  if (!mode)
    throw new UsageError(
      `MODELHUB_URL_INPUT: expected ${modes.join(", ")}; got "${env.MODELHUB_URL_INPUT}"`,
    );
  const hosts = (env.MODELHUB_URL_HOSTS ?? "")
    .split(",")
    .map((host) => host.trim().toLowerCase())
    .filter(Boolean);
  if (mode === "allowlist" && hosts.length === 0)
    throw new UsageError(
      "MODELHUB_URL_HOSTS: expected hosts with commas, as MODELHUB_URL_INPUT is allowlist",
    );
  return { mode, hosts: new Set(hosts) };
}

/** The address as a URL that the policy allows. Throws the problem of any other. */
export function allowedUrl(address: string, policy: UrlPolicy): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    throw refused("An address begins with https:// and names a host.");
  if (url.username || url.password) throw refused("An address must not hold a user or password.");
  if (url.protocol === "http:" && !isVouchedFor(url, policy))
    throw refused("Only https addresses are fetched.");
  if (policy.mode === "allowlist" && !isListed(url, policy))
    throw refused(
      `The host is not among those that this server fetches from. It takes ${[...policy.hosts].join(", ")}.`,
    );
  return url;
}

/** Throws unless the URL may lead to each of the IP addresses. */
export function checkAddresses(url: URL, addresses: string[], policy: UrlPolicy): void {
  const isAllowed = (address: string) =>
    isPublic(address) || (isVouchedFor(url, policy) && isPrivate(address));
  if (addresses.length > 0 && addresses.every(isAllowed)) return;
  throw refused("The host has an address that is not on the public internet.");
}

function isListed(url: URL, policy: UrlPolicy): boolean {
  return isVouchedFor(url, policy) || (portOf(url) === "443" && policy.hosts.has(url.hostname));
}

function isVouchedFor(url: URL, { mode, hosts }: UrlPolicy): boolean {
  return mode === "allowlist" && hosts.has(`${url.hostname}:${portOf(url)}`);
}

function portOf({ port, protocol }: URL): string {
  return port || (protocol === "https:" ? "443" : "80");
}

function refused(detail: string): Problem {
  return new Problem(
    "url_refused",
    `${detail} Download the file and send it by POST to /api/predict.`,
  );
}
