import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The address of a module for a page, made of TypeScript that imports viewers. */
export async function moduleOf(contents: string): Promise<string> {
  const resolveDir = fileURLToPath(new URL(".", import.meta.url));
  const { outputFiles } = await build({
    stdin: { contents, resolveDir, loader: "ts" },
    bundle: true,
    format: "esm",
    write: false,
  });
  return `data:text/javascript;base64,${Buffer.from(outputFiles[0]?.contents ?? []).toString("base64")}`;
}
