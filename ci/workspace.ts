import { join, resolve } from "node:path";
import { root } from "./home.ts";

/** Where a command reads and writes. */
export interface Workspace {
  /** The registry's folder, with registry.json. */
  registry: string;
  /** Folder for the files that the stages hand on. */
  work: string;
  /** Image namespace for what is built but not yet published. */
  staging: string;
}

/** A workspace from a command's options; `.modelhub/` of the current folder holds what is not told. */
export function workspace(options: { registry?: string; work?: string }): Workspace {
  return {
    registry: resolve(
      options.registry ?? process.env["MODELHUB_REGISTRY"] ?? join(root, "registry"),
    ),
    work: resolve(options.work ?? ".modelhub/work"),
    staging: process.env["MODELHUB_STAGING"] ?? "localhost:5151/build",
  };
}
