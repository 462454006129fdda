/** Text as it is compared: without case and accents. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether a folded text holds every word of the query. */
export function matches(text: string, query: string): boolean {
  return fold(query)
    .split(/\s+/)
    .every((word) => text.includes(word));
}
