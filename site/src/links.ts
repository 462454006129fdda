const base = import.meta.env.BASE_URL.replace(/\/?$/, "/");

/** Address inside the site, wherever it is served from. */
export const link = (path = ""): string => base + path;

export const modelLink = (id: string, version?: string): string =>
  link(version === undefined ? `models/${id}/` : `models/${id}/${version}/`);

export const apiLink = (file: string): string =>
  link(`api/v1/${encodeURIComponent(file).replaceAll("%2F", "/")}`);

/** The commit, or a folder in it, as GitHub and GitLab show it. */
export function sourceLink(repository: string, revision: string, path = "."): string {
  const folder = path === "." ? "" : `/${path}`;
  return `${repository.replace(/(\.git)?\/?$/, "")}/tree/${revision}${folder}`;
}

/** A form for a problem with a version, as GitHub fills it in. */
export function problemLink(repository: string, id: string, version: string): string {
  const asked = new URLSearchParams({ title: `${id} ${version}: ` });
  return `${repository.replace(/(\.git)?\/?$/, "")}/issues/new?${asked}`;
}
