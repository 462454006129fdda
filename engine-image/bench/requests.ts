/** What is posted to a server. */
export interface Post {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

export function json(path: string, body: object): Post {
  return post(path, "application/json", Buffer.from(JSON.stringify(body)));
}

/** A file as it is, and the media type that the answer shall have. */
export function raw(path: string, mediaType: string, accept: string, body: Buffer): Post {
  return post(path, mediaType, body, { accept });
}

/** An image in the field `file` of a form, as curl and browsers send it. */
export function form(path: string, body: Buffer): Post {
  const boundary = "----modelhub-bench";
  const [mediaType, name] = body[0] === 0x89 ? ["image/png", "a.png"] : ["image/jpeg", "a.jpg"];
  const head = [
    `--${boundary}`,
    `content-disposition: form-data; name="file"; filename="${name}"`,
    `content-type: ${mediaType}`,
    "",
    "",
  ].join("\r\n");
  const content = Buffer.concat([Buffer.from(head), body, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return post(path, `multipart/form-data; boundary=${boundary}`, content);
}

/** The request as it travels over a connection that stays open. */
export function bytesOf({ path, headers, body }: Post): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`POST ${path} HTTP/1.1`, "host: 127.0.0.1", ...lines, "", ""].join("\r\n");
  return Buffer.concat([Buffer.from(head), body]);
}

function post(path: string, mediaType: string, body: Buffer, more: Post["headers"] = {}): Post {
  const headers = { "content-type": mediaType, "content-length": String(body.length), ...more };
  return { path, headers, body };
}
