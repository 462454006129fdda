import { OursError } from "./errors.ts";

/** What a system call that the machine refused comes to: where, why, and what to do. Other errors stay as they are. */
export function orRefusal(error: unknown): unknown {
  const { code = "", syscall, path, dest, message } = error as Refusal;
  // On a disk that is read-only, Node says of a folder above the one it makes that it isn't there.
  const hint = code === "ENOENT" && syscall?.startsWith("mkd") ? noParent : hints[code];
  if (!(error instanceof Error) || hint === undefined) return error;
  // Node's message is `ENOSPC: no space left on device, write`; of a file that is open it knows no path.
  const why = /^\w+: ([^,]+), /.exec(message ?? "")?.[1] ?? code;
  const where = dest ?? path ?? "this machine";
  return new OursError(`${where}: ${why}\n  hint: ${hint}`, { cause: error });
}

type Refusal = NodeJS.ErrnoException & { dest?: string };

const again = "then run the same again";
const room = `\`df -h\` tells which disk is full; make room, or name a folder elsewhere, ${again}`;
const rights = `give the user that runs this the right to it, or name another folder, ${again}`;
const noParent = `the folder above it is not there, or can't be written to; name another folder, ${again}`;

/** What to do about each refusal that is the machine's, and no fault of a program. */
const hints: Record<string, string | undefined> = {
  ENOSPC: room,
  EDQUOT: room,
  EFBIG: `\`ulimit -f\` tells how large a file may be; raise it, ${again}`,
  EACCES: rights,
  EPERM: rights,
  EROFS: `name a folder on a disk that can be written to, ${again}`,
  EMFILE: `\`ulimit -n\` tells how many files may be open; raise it, ${again}`,
  ENFILE: `the whole machine has too many files open; end other programs, ${again}`,
  ENOTDIR: "a file lies where a folder has to be; name another folder",
};
