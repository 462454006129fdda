/** The bytes of a file, out of gzip where it is packed. */
export async function unpacked(file: Blob): Promise<Uint8Array> {
  const body = (await isPacked(file)) ? unpackedStream(file) : file;
  return new Uint8Array(await new Response(body).arrayBuffer());
}

/** The first bytes in a file that is packed; none where it is damaged, nothing where it isn't packed. */
export async function unpackedHead(file: Blob): Promise<Uint8Array | undefined> {
  if (!(await isPacked(file))) return undefined;
  const reader = unpackedStream(file).getReader();
  const { value } = await reader.read().catch(() => ({ value: undefined }));
  await reader.cancel().catch(() => undefined);
  return value ?? new Uint8Array();
}

async function isPacked(file: Blob): Promise<boolean> {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  return start[0] === 0x1f && start[1] === 0x8b;
}

function unpackedStream(file: Blob): ReadableStream<Uint8Array<ArrayBuffer>> {
  return file.stream().pipeThrough(new DecompressionStream("gzip"));
}

/** The bytes in a `data:` address, which are in base64 and may be packed. */
export function bytesInAddress(address: string): Promise<Uint8Array> {
  const letters = atob(address.slice(address.indexOf(",") + 1));
  return unpacked(new Blob([Uint8Array.from(letters, (letter) => letter.charCodeAt(0))]));
}
