// The 97.5 % quantile of the normal distribution: what lies outside on both sides is 5 %.
const z = 1.959963984540054;

/**
 * The 95 % score interval of a proportion: E. B. Wilson, Probable inference, the law of succession,
 * and statistical inference, JASA 22 (1927) 209–212, doi:10.1080/01621459.1927.10502953. It stays
 * within 0 and 1, and holds for small numbers and for shares near the ends.
 */
export function wilson(correct: number, items: number): { low: number; high: number } {
  const share = correct / items;
  const scale = 1 + z ** 2 / items;
  const middle = (share + z ** 2 / (2 * items)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / items + z ** 2 / (4 * items ** 2));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
