import { constants, copyFileSync, readFileSync } from "node:fs";
import { join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import type { AstroIntegration } from "astro";
import { sha256 } from "#ci/files.ts";

const imported = /^onnxruntime-web\/.+\.wasm\?url$/;

/**
 * Copies ONNX Runtime's programs beside the worker that asks for them, under names of their contents.
 * Vite would hold their 41 MB several times over: 200 MB of memory in each build.
 */
export function runtimeFiles(): AstroIntegration {
  const files = new Map<string, string>();
  const plugin = {
    name: "runtime-files",
    apply: "build" as const,
    enforce: "pre" as const,
    resolveId: {
      filter: { id: imported },
      handler: (id: string) => `\0${id}`,
    },
    load: {
      filter: { id: /^\0onnxruntime-web\// },
      handler(id: string) {
        const source = fileURLToPath(import.meta.resolve(id.slice(1).replace("?url", "")));
        const { name, ext } = parse(source);
        const file = `${name}-${sha256(readFileSync(source)).slice(0, 8)}${ext}`;
        files.set(file, source);
        return `export default "./${file}";`;
      },
    },
    transform: {
      filter: { id: /\/onnxruntime-web\/dist\// },
      // The runtime is told where its program lies; the place that it would guess is not looked at.
      handler: (code: string) =>
        code.replaceAll('new URL("ort-', 'new URL(/* @vite-ignore */"ort-'),
    },
  };
  return {
    name: "runtime-files",
    hooks: {
      "astro:config:setup": ({ updateConfig }) => {
        updateConfig({ vite: { worker: { plugins: () => [plugin] } } });
      },
      "astro:build:done": ({ dir }) => {
        for (const [file, source] of files)
          copyFileSync(
            source,
            join(fileURLToPath(dir), "_astro", file),
            constants.COPYFILE_FICLONE,
          );
      },
    },
  };
}
