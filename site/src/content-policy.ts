/** What a page may load, by directive of its content security policy. */
export type Allowance = { readonly [directive: string]: readonly string[] };

// Scripts and styles are files of the site, so none has to be named by its hash.
const everyPage: Allowance = {
  "default-src": ["'none'"],
  "script-src": ["'self'"],
  "style-src": ["'self'"],
  "img-src": ["'self'", "data:"],
  "connect-src": ["'self'"],
  "base-uri": ["'none'"],
  "form-action": ["'self'"],
  "object-src": ["'none'"],
};

/** The policy of a page, with what it may load beyond what every page may. */
export function contentPolicy(more: Allowance = {}): string {
  const directives = [...new Set([...Object.keys(everyPage), ...Object.keys(more)])];
  return directives
    .map((name) => [name, ...(everyPage[name] ?? []), ...(more[name] ?? [])].join(" "))
    .join("; ");
}
