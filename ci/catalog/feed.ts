import type { Catalog, CatalogVersion } from "#schema/catalog.ts";
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

/** An Atom feed of what was registered and what was yanked, newest first. */
export function feed(
  { registry }: Pick<Catalog, "registry">,
  versions: readonly CatalogVersion[],
  channel: Channel = { file: "feed.xml", title: registry.name, page: "" },
): string {
  const news = versions
    .flatMap((version) => [...registered(version), ...yanked(version)])
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
  kind: "registered" | "yanked";
  title: string;
  text: string;
}

function registered(version: CatalogVersion): News[] {
  const { published, built, entry } = version;
  if (!published) return [];
  const text = built?.record.config.summary ?? "Waits for its first build.";
  const title = `${entry.title} ${version.version}`;
  return [{ date: utc(published), url: address(version), kind: "registered", title, text }];
}

function yanked(version: CatalogVersion): News[] {
  const yank = version.entry.yanked?.[version.version];
  if (!yank) return [];
  const title = `Yanked: ${version.entry.title} ${version.version}`;
  const date = `${yank.since}T00:00:00Z`;
  return [{ date, url: address(version), kind: "yanked", title, text: yank.reason }];
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
