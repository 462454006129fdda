import type { Fault, RegistryDouble } from "./registry-double.ts";

/** What every part of the pipeline that talks to a registry has to get through. */
export const badDays: Record<string, (double: RegistryDouble) => void> = {
  "429 again and again": (double) => double.break(answer(429), often),
  "429 with Retry-After": (double) => double.break(answer(429, "", { "retry-after": "1" })),
  "403 for GitHub's secondary rate limit": (double) =>
    double.break(answer(403, "You have exceeded a secondary rate limit."), often),
  "500 again and again": (double) => double.break(answer(500, "oops"), often),
  "503 for every third write": (double) => double.break(answer(503), { method: "PUT", ...often }),
  "slow replies": (double) => double.break({ kind: "slow", milliseconds: 30 }, often),
  "connections that break before a reply": (double) =>
    double.break({ kind: "drop", when: "before" }, often),
  "connections that break after the work is done": (double) =>
    double.break({ kind: "drop", when: "after" }, often),
  "connections that break within a reply": (double) =>
    double.break({ kind: "drop", when: "within" }, { method: "GET", ...often }),
  "a token wanted": (double) => {
    double.wantsToken = true;
  },
  "a token wanted, and none to be had at first": (double) => {
    double.wantsToken = true;
    double.break(answer(503), { path: /^\/token/, times: 2 });
  },
  "no mounts between repositories": (double) => {
    double.mounts = false;
  },
};

const often = { every: 3, times: Number.POSITIVE_INFINITY };

/** An answer of that status in place of the registry's own. */
export function answer(status: number, body = "", headers: Record<string, string> = {}): Fault {
  return { kind: "answer", status, body, headers };
}
