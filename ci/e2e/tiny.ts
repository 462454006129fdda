import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readJson, writeJson } from "../files.ts";
import { root } from "../home.ts";

/** What makes a copy of the template a smaller model, or another one. */

// qemu 7.2 makes ONNX Runtime crash, and takes minutes to unpack what a model of NumPy does without.
const unused =
  /^(onnx|onnxruntime|flatbuffers|ml-dtypes|packaging|protobuf|typing-extensions)==.*(\n {4}--hash.*)*\n/gm;

/** Makes it the model `tiny-net`, which wants nothing but NumPy. */
export function makeTiny(contribution: string): void {
  editRequirements(contribution, (text) => text.replace(unused, ""));
  for (const part of readdirSync(contribution))
    if (part !== "runtime") rmSync(join(contribution, part), { recursive: true });
  cpSync(join(root, "ci/e2e/base/contribution"), contribution, {
    recursive: true,
    filter: (path) => basename(path) !== "runtime",
  });
}

/** Gives it a variant like itself, but for a line that says so. */
export function addVariant(contribution: string): void {
  cpSync(join(contribution, "runtime"), join(contribution, "runtime-cuda"), { recursive: true });
  appendFileSync(join(contribution, "runtime-cuda", "Dockerfile"), "ENV FOR_GPUS=yes\n");
  editConfig(contribution, { variants: { cuda: { runtime: "runtime-cuda" } } });
}

export function editConfig(contribution: string, keys: object): void {
  const file = join(contribution, "modelhub.json");
  writeJson(file, { ...(readJson(file) as object), ...keys });
}

export function editRequirements(contribution: string, edit: (text: string) => string): void {
  const file = join(contribution, "runtime", "requirements.txt");
  writeFileSync(file, edit(readFileSync(file, "utf8")));
}
