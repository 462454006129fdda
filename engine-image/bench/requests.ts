/** Requests, byte for byte, over a connection that stays open. */

export function json(path: string, body: object): Buffer {
  return post(path, "application/json", Buffer.from(JSON.stringify(body)));
}

/** A file as it is, and the media type that the answer shall have. */
export function raw(path: string, mediaType: string, accept: string, body: Buffer): Buffer {
  return post(path, mediaType, body, [`accept: ${accept}`]);
}

/** An image in the field `file` of a form, as curl and browsers send it. */
export function form(path: string, body: Buffer): Buffer {
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

function post(path: string, mediaType: string, body: Buffer, headers: string[] = []): Buffer {
  const head = [
    `POST ${path} HTTP/1.1`,
    "host: 127.0.0.1",
    `content-type: ${mediaType}`,
    `content-length: ${body.length}`,
    ...headers,
    "",
    "",
  ];
  return Buffer.concat([Buffer.from(head.join("\r\n")), body]);
}
