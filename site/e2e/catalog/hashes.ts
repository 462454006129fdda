import { createHash } from "node:crypto";

/** Made-up digests, the same at each run. */

export const hash = (text: string) => createHash("sha256").update(text).digest("hex");
export const digest = (text: string) => `sha256:${hash(text)}`;
export const revision = (text: string) => hash(text).slice(0, 40);
