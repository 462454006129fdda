import { OursError } from "../errors.ts";
import { asText, type Connection, type Reply } from "./connection.ts";
import { Busy } from "./patience.ts";
import type { Body } from "./send.ts";

/** Blobs that are sent to a registry, each once, and only where it does not have them. */
export class Uploads {
  readonly #registry: Connection;
  /** By repository and digest, those that were sent or found there. */
  readonly #uploads = new Map<string, Promise<void>>();

  constructor(registry: Connection) {
    this.#registry = registry;
  }

  /**
   * Upload a blob that neither the repository nor `from` has. A mount from the repository itself is
   * how a registry says that it is there. An upload that breaks begins anew.
   */
  async send(
    repository: string,
    digest: string,
    body: () => Promise<Body>,
    from = repository,
  ): Promise<void> {
    const about = `${repository}@${digest}`;
    // Platforms share layers, and docker-registry loses sight of a blob while it is mounted again.
    const uploading =
      this.#uploads.get(about) ?? this.#uploadAnew(repository, digest, body, from, about);
    this.#uploads.set(about, uploading);
    try {
      await uploading;
    } catch (error) {
      this.#uploads.delete(about);
      throw error;
    }
  }

  async #uploadAnew(
    repository: string,
    digest: string,
    body: () => Promise<Body>,
    from: string,
    about: string,
  ): Promise<void> {
    const query = `mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(from)}`;
    const readable = from === repository ? [] : [from];
    await this.#registry.persist(about, async () => {
      const started = await this.#registry.once(repository, "POST", `blobs/uploads/?${query}`, {
        readable,
        read: asText,
      });
      this.#registry.require(started, about);
      if (started.status === 201) return;
      const finished = await this.#registry.once(
        repository,
        "PUT",
        this.#uploadUrl(started, digest),
        {
          headers: { "content-type": "application/octet-stream" },
          body: await body(),
          read: asText,
        },
      );
      if (finished.status === 404) throw new Busy("it forgot an upload that it had begun");
      this.#registry.require(finished, about);
    });
  }

  #uploadUrl({ headers }: Reply<unknown>, digest: string): string {
    const { host, origin } = this.#registry;
    const location = headers.get("location");
    if (!location) throw new OursError(`${host} began an upload without saying where`);
    const url = new URL(location, origin);
    // A token is for this host alone.
    if (url.origin !== origin)
      throw new OursError(`${host} sends uploads to another host, ${url.host}`);
    url.searchParams.set("digest", digest);
    return url.toString();
  }
}
