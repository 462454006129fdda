import { join } from "node:path";
import type { Config, Output } from "#schema/config.ts";
import { readText } from "./config.ts";

/** Names of the classes, in the order of their numbers, as far as the config tells; else nothing. */
export function modelLabels({ outputs }: Config, folder: string): string[] | undefined {
  for (const output of outputs) {
    const labels = ofOperation(output, folder) ?? ofMask(output);
    if (labels) return labels;
  }
  return undefined;
}

function ofOperation({ postprocessing }: Output, folder: string): string[] | undefined {
  const operation = postprocessing?.find(({ id }) => id === "labels");
  if (operation?.id !== "labels") return undefined;
  const { file, values } = operation.kwargs ?? {};
  return values ?? (file === undefined ? undefined : ofFile(join(folder, file)));
}

/** A JSON list of names, or text with a name on each line. */
function ofFile(path: string): string[] | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  if (text.trimStart().startsWith("[")) return JSON.parse(text) as string[];
  return text.trimEnd().split(/\r?\n/);
}

function ofMask({ labels }: Output): string[] | undefined {
  if (!labels) return undefined;
  const most = Math.max(...Object.keys(labels).map(Number));
  return Array.from({ length: most + 1 }, (_, value) => labels[value] ?? String(value));
}
