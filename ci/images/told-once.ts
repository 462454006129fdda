// A worker that can't start is started again, and the front tells its last lines once more.
const part = /^Traceback .*\n(?:[ \t].*\n)*.*$|^.*$/gm;
const mostLines = 40;

/** The end of a container's log, with each line and each Python traceback only the first time. */
export function toldOnce(log: string): string {
  const parts = log.trim().match(part) ?? [];
  const told = new Set(parts.map((text) => text.replace(/ The last lines of its log:$/, "")));
  return [...told].join("\n").split("\n").slice(-mostLines).join("\n");
}
