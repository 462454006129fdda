/** The bytes of a file, out of gzip where it is packed. */
export async function unpacked(file: Blob): Promise<Uint8Array> {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const isPacked = start[0] === 0x1f && start[1] === 0x8b;
  const body = isPacked ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file;
  return new Uint8Array(await new Response(body).arrayBuffer());
}

/** The bytes in a `data:` address, which are in base64 and may be packed. */
export function bytesInAddress(address: string): Promise<Uint8Array> {
  const letters = atob(address.slice(address.indexOf(",") + 1));
  return unpacked(new Blob([Uint8Array.from(letters, (letter) => letter.charCodeAt(0))]));
}
