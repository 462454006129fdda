import { join } from "node:path";
import { execa } from "execa";
import { root } from "../home.ts";
import type { RegistryDouble } from "./registry-double.ts";

/** A verb as a process of its own, killed once the registry has had so many requests. */
export async function killedAfter(requests: number, double: RegistryDouble, args: string[]) {
  const more = requests - double.asked.length;
  // It is not to get to its end before it is killed.
  double.break({ kind: "drop", when: "before" }, { after: more, times: Number.POSITIVE_INFINITY });
  const running = execa(process.execPath, [join(root, "client/main.ts"), ...args], {
    reject: false,
  });
  const watch = setInterval(() => {
    if (double.asked.length > requests) running.kill("SIGKILL");
  }, 1);
  try {
    return await running;
  } finally {
    clearInterval(watch);
    double.mend();
  }
}
