import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Verb } from "../../../client/reference.ts";
import { checkout } from "./checkout.ts";

/** The program's verbs, as the program itself tells them. */
export function readVerbs(): Verb[] {
  const main = join(checkout(), "client", "main.ts");
  return JSON.parse(execFileSync(process.execPath, [main, "reference"], { encoding: "utf8" }));
}
