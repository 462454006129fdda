export interface Facet {
  value: string;
  count: number;
}

/** Values with how many models have them, the commonest first. */
export function facet(values: (string | undefined)[]): Facet[] {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value, "en"));
}
