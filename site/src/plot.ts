/** The axis of shares: from a round value below all of them to one above, with a tick at each tenth or so. */
export function axisOf(shares: readonly number[]): { low: number; high: number; ticks: number[] } {
  const low = Math.floor(Math.min(...shares, 0.999) * 10) / 10;
  const high = Math.ceil(Math.max(...shares, low + 0.001) * 10) / 10;
  const count = Math.round((high - low) * 10);
  const step = count > 5 ? 2 : 1;
  const ticks = Array.from({ length: Math.floor(count / step) + 1 }, (_, at) =>
    Number((low + (at * step) / 10).toFixed(1)),
  );
  return { low, high, ticks };
}

/** `91.1 %`, in one piece. */
export const percent = (share: number): string => `${(share * 100).toFixed(1)}\u00a0%`;
