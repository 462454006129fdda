import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { homeFolder } from "#ci/home.ts";

/** Why a subject can't be measured on this machine. */
export class NotHere extends Error {}

/** The folder of a subject's sources and requirements. */
export function peerFolder(id: string): string {
  return join(import.meta.dirname, "peers", id);
}

/** The Python of a subject's own virtual environment, made when its requirements are new. */
export async function python(id: string): Promise<string> {
  const requirements = join(peerFolder(id), "requirements.txt");
  const folder = join(homeFolder("bench", id), "venv");
  const executable = join(folder, "bin", "python");
  const { stdout: version } = await execa("python3", ["--version"]);
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex") + version;
  const stamp = join(folder, "complete");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return executable;
  console.error(`installing ${id} …`);
  rmSync(folder, { recursive: true, force: true });
  await attempt("python3", ["-m", "venv", folder]);
  const quiet = ["--quiet", "--disable-pip-version-check", "--only-binary", ":all:"];
  await attempt(executable, ["-m", "pip", "install", ...quiet, "--requirement", requirements]);
  writeFileSync(stamp, wanted);
  return executable;
}

const engineRepository = "https://github.com/modelhub-ai/modelhub-engine";
const engineRevision = "81e893fb7669ee9912178346efbf828dd8c0410b";

/** The `framework` folder of the ModelHub engine of 2020; MODELHUB_BENCH_ENGINE names a clone of it. */
export async function originalEngine(): Promise<string> {
  const folder = join(homeFolder("bench", "modelhub-engine"), engineRevision);
  if (!existsSync(join(folder, "framework"))) {
    rmSync(folder, { recursive: true, force: true });
    const from = process.env["MODELHUB_BENCH_ENGINE"] ?? engineRepository;
    await attempt("git", ["clone", "--quiet", "--no-checkout", from, folder]);
    await attempt("git", ["-C", folder, "checkout", "--quiet", engineRevision]);
  }
  return join(folder, "framework");
}

/** The inputs that are sent, made once. */
export async function readInputs(): Promise<Record<"picture" | "bomb" | "numbers", Buffer>> {
  const folder = homeFolder("bench", "inputs");
  await execa(await python("ours"), [join(import.meta.dirname, "inputs.py"), folder]);
  const read = (name: string) => readFileSync(join(folder, name));
  return { picture: read("picture.jpg"), bomb: read("bomb.png"), numbers: read("numbers.npy") };
}

async function attempt(command: string, args: string[]): Promise<void> {
  const { failed, stderr } = await execa(command, args, { reject: false });
  if (failed) throw new NotHere(stderr.trim().split("\n").slice(-2).join(" "));
}
