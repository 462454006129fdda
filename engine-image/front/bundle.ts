import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";

// zod brings its messages in 50 languages, 265 kB that nothing here reads.
const english: Plugin = {
  name: "english",
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
    }));
  },
};

/** How the front becomes one file that Node runs without node_modules. */
export const bundleOptions: BuildOptions = {
  entryPoints: [fileURLToPath(new URL("main.ts", import.meta.url))],
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node22",
  minify: true,
  legalComments: "none",
  loader: { ".html": "text" },
  plugins: [english],
  // busboy is CommonJS and requires Node's own modules.
  banner: {
    js: 'import{createRequire}from"node:module";const require=createRequire(import.meta.url);',
  },
};

/** Write the bundle, front.mjs of the engine image. */
export async function bundle(outfile: string): Promise<void> {
  await build({ ...bundleOptions, outfile, logLevel: "warning" });
}
