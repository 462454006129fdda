/** The top of the repository; astro.config.ts says it, since pages are built from a folder of their own. */
export function checkout(): string {
  const folder = process.env["MODELHUB_CHECKOUT"];
  if (folder === undefined) throw new Error("MODELHUB_CHECKOUT is not set: astro.config.ts does");
  return folder;
}
