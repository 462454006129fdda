type Body = string | Uint8Array | AsyncIterable<Uint8Array> | null;

/**
 * A reply as the server sends it. It does what of `Response` is used here; Node's own comes with
 * an HTTP client, which takes 10 MB, and is made only where somebody asks for more.
 */
export class Reply {
  readonly status: number;
  readonly body: Body;
  /** The headers as they are sent. */
  readonly plain: Record<string, string>;
  #response: Response | undefined;

  constructor(body: Body, plain: Record<string, string>, status: number) {
    this.body = body;
    this.plain = plain;
    this.status = status;
  }

  get headers(): Headers {
    return this.#real.headers;
  }

  text(): Promise<string> {
    return this.#real.text();
  }

  json(): Promise<unknown> {
    return this.#real.json();
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return this.#real.arrayBuffer();
  }

  get #real(): Response {
    const { body, plain: headers, status } = this;
    this.#response ??= new Response(body as string | null, { headers, status });
    return this.#response;
  }
}

/** A reply, in the place of `new Response()`. */
export function reply(body: Body, headers: Record<string, string> = {}, status = 200): Response {
  return new Reply(body, headers, status) as unknown as Response;
}

/** A JSON reply. */
export function json(value: unknown, headers: Record<string, string> = {}, status = 200): Response {
  return jsonText(JSON.stringify(value), headers, status);
}

/** A reply that is JSON already. */
export function jsonText(
  text: string,
  headers: Record<string, string> = {},
  status = 200,
): Response {
  const all = {
    "content-type": "application/json",
    "x-content-type-options": "nosniff",
    ...headers,
  };
  return reply(text, all, status);
}
