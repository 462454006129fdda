import type { Catalog, CatalogVersion } from "#schema/catalog.ts";
import { type End, endOf } from "./life.ts";
import { newest } from "./versions.ts";
import { xml } from "./xml.ts";

// What a reader who looks once a month may have missed.
const most = 100;

/** What a feed is of, where it is not of the whole catalog. */
export interface Channel {
  /** Address of the feed, relative to api/v1/. */
  file: string;
  title: string;
  /** Address of the page that it follows, relative to the site. */
  page: string;
}

/** The feed of one model. */
export const channelOf = ({ id, entry }: CatalogVersion): Channel => ({
  file: `feeds/${id}.xml`,
  title: entry.title,
  page: `models/${id}/`,
});

/** An Atom feed of what was registered, yanked and removed, newest first. */
export function feed(
  { registry }: Pick<Catalog, "registry">,
  versions: readonly CatalogVersion[],
  channel: Channel = { file: "feed.xml", title: registry.name, page: "" },
): string {
  const models = Map.groupBy(versions, ({ id }) => id).values();
  const news = [...models]
    .flatMap(newsOf)
    .sort((a, b) => b.date.localeCompare(a.date) || a.url.localeCompare(b.url))
    .slice(0, most);
  const self = `${registry.site}api/v1/${channel.file}`;
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${xml(self)}</id>
<title>${xml(channel.title)}</title>
<subtitle>${xml(registry.summary)}</subtitle>
<updated>${news[0]?.date ?? "1970-01-01T00:00:00Z"}</updated>
<link rel="self" href="${xml(self)}"/>
<link href="${xml(registry.site + channel.page)}"/>
<author><name>${xml(registry.name)}</name></author>
${news.map((item) => entry(item, registry.site)).join("\n")}
</feed>`;
}

interface News {
  date: string;
  url: string;
  kind: "registered" | End["kind"];
  title: string;
  text: string;
}

/** What happened to the versions of one model. */
function newsOf(versions: readonly CatalogVersion[]): News[] {
  const current = newest(versions).version;
  return versions.flatMap((version) => {
    const end = endOf(version, current);
    return [...registered(version, end), ...(end ? ended(version, end) : [])];
  });
}

function registered(version: CatalogVersion, end: End | undefined): News[] {
  const { published, built, entry } = version;
  if (!published) return [];
  const fallback = end ? `Has been ${end.kind} since.` : "Waits for its first build.";
  const text = built?.record.config.summary ?? fallback;
  const title = `${entry.title} ${version.version}`;
  return [{ date: utc(published), url: address(version), kind: "registered", title, text }];
}

function ended(version: CatalogVersion, { kind, reason, since, successor }: End): News[] {
  const verdict = kind === "removed" ? "Removed" : "Yanked";
  const title = `${verdict}: ${version.entry.title} ${version.version}`;
  const text = successor ? `${reason} Use version ${successor} instead.` : reason;
  return [{ date: `${since}T00:00:00Z`, url: address(version), kind, title, text }];
}

const address = ({ id, version }: CatalogVersion): string => `models/${id}/${version}/`;

// One zone for all, so that dates sort as text.
const utc = (date: string): string => new Date(date).toISOString();

const entry = ({ date, url, kind, title, text }: News, site: string): string => `<entry>
<id>${xml(`${site}${url}#${kind}`)}</id>
<title>${xml(title)}</title>
<updated>${date}</updated>
<link href="${xml(site + url)}"/>
<summary>${xml(text)}</summary>
</entry>`;
