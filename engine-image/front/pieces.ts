import { type FileHandle, open } from "node:fs/promises";

// Each piece costs about as much as its bytes where pieces are of 64 kB, as Node's streams have them.
const pieceBytes = 2 ** 20;

/** The first `bytes` of the file at a path, as `piecesOf` gives them. */
export async function* filePieces(path: string, bytes: number): AsyncGenerator<Buffer> {
  yield* piecesOf(await open(path), bytes);
}

/**
 * The first `bytes` of an open file, which is closed afterwards. A piece lies in the memory of the one
 * before, so that whoever keeps it copies it: to get fresh memory takes as long as to fill it.
 */
export async function* piecesOf(file: FileHandle, bytes: number): AsyncGenerator<Buffer> {
  try {
    const memory = Buffer.allocUnsafeSlow(Math.min(bytes, pieceBytes));
    for (let left = bytes; left > 0; ) {
      const { bytesRead } = await file.read(memory, 0, Math.min(left, memory.length));
      if (bytesRead === 0)
        throw new Error(`A file that is sent has ${left} bytes less than it had.`);
      yield memory.subarray(0, bytesRead);
      left -= bytesRead;
    }
  } finally {
    await file.close();
  }
}
