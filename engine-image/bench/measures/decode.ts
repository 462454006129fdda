import { join } from "node:path";
import { execa } from "execa";
import { homeFolder } from "#ci/home.ts";
import { python } from "../environment.ts";
import type { Figures } from "../figures.ts";
import { ours } from "../subjects.ts";

/** Milliseconds that Pillow alone takes for the picture, and what a request takes beyond them. */
export async function measureDecode(figures: Figures): Promise<void> {
  const picture = join(homeFolder("bench", "inputs"), "picture.jpg");
  const script = join(import.meta.dirname, "..", "decode.py");
  const { stdout } = await execa(await python("ours"), [script, picture]);
  const bareMs = Number(stdout);
  figures.set("Pillow", "decode.ms", bareMs);
  const p50Ms = figures.get(ours.name, "picture.1.p50Ms");
  if (p50Ms !== undefined) figures.set(ours.name, "decode.overMs", p50Ms - bareMs);
}
