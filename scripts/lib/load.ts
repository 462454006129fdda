import { loadavg } from "node:os";

/** What else this machine had to do in the last minute; a figure without it says little. */
export function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}
