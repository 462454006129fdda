import sharedSheet from "#page/panel.css?url";
import { element } from "#viewers/dom.ts";
import viewersSheet from "#viewers/viewers.css?url";
import panelSheet from "./panel.css?url";

/** Adds the sheets of the try-it panel. Imported as sheets they would be part of every page from the start. */
export async function addSheets(): Promise<void> {
  await Promise.all([viewersSheet, sharedSheet, panelSheet].map(addSheet));
}

async function addSheet(href: string): Promise<void> {
  if (document.querySelector(`link[href="${CSS.escape(href)}"]`)) return;
  const link = element("link", { rel: "stylesheet", href });
  const loaded = new Promise((resolve) => {
    for (const event of ["load", "error"]) link.addEventListener(event, resolve);
  });
  document.head.append(link);
  await loaded;
}
