import type { FileBytes } from "./file-bytes.ts";
import { Unreadable } from "./unreadable.ts";

/** ZIP: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */

const endSignature = 0x06054b50;
const endBytes = 22;
const longestComment = 0xffff;

/** Where the content of an entry begins that is stored as it is; nothing where the file is no ZIP. */
export function findInZip(file: FileBytes, wanted: RegExp): number | undefined {
  const start = Math.max(0, file.length - endBytes - longestComment);
  const tail = file.bytes(start, file.length);
  for (let at = tail.length - endBytes; at >= 0; at--)
    if (tail.readUInt32LE(at) === endSignature)
      return findEntry(file, tail.readUInt32LE(at + 16), tail.readUInt16LE(at + 10), wanted);
  return undefined;
}

function findEntry(file: FileBytes, directory: number, entries: number, wanted: RegExp): number {
  let at = directory;
  for (let entry = 0; entry < entries; entry++) {
    const head = file.bytes(at, at + 46);
    const [name, extra, comment] = [28, 30, 32].map((place) => head.readUInt16LE(place)) as [
      number,
      number,
      number,
    ];
    if (wanted.test(file.text(at + 46, at + 46 + name))) {
      if (head.readUInt16LE(10) !== 0) throw new Unreadable("Its pickle is compressed.");
      const local = head.readUInt32LE(42);
      const lengths = file.bytes(local + 26, local + 30);
      return local + 30 + lengths.readUInt16LE(0) + lengths.readUInt16LE(2);
    }
    at += 46 + name + extra + comment;
  }
  throw new Unreadable("It is a ZIP file without a state dict.");
}
