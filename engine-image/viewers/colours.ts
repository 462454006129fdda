/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

// Matplotlib's viridis at equal steps: as bright as the value is high, also in print and for
// people who see few colours.
const viridis: readonly Colour[] = [
  [68, 1, 84],
  [72, 36, 117],
  [65, 68, 135],
  [53, 95, 141],
  [42, 120, 142],
  [33, 145, 140],
  [34, 168, 132],
  [68, 191, 112],
  [122, 209, 81],
  [189, 223, 38],
  [253, 231, 37],
];

/** The colour of a value between 0 and 1. */
export function heatColour(value: number): Colour {
  const at = Math.min(1, Math.max(0, value)) * (viridis.length - 1);
  const low = viridis[Math.floor(at)] as Colour;
  const high = viridis[Math.ceil(at)] as Colour;
  const mix = (channel: 0 | 1 | 2) =>
    Math.round(low[channel] + (high[channel] - low[channel]) * (at % 1));
  return [mix(0), mix(1), mix(2)];
}

// Paul Tol's "bright", made to be told apart by everybody.
const labels: readonly Colour[] = [
  [238, 102, 119],
  [68, 119, 170],
  [34, 136, 51],
  [204, 187, 68],
  [102, 204, 238],
  [170, 51, 119],
  [238, 119, 51],
  [187, 187, 187],
];

/** The colour of the n-th label, 1 being the first; after the last they come again. */
export function labelColour(label: number): Colour {
  const place = (Math.max(1, Math.round(label)) - 1) % labels.length;
  return labels[place] as Colour;
}

export const css = ([red, green, blue]: Colour): string => `rgb(${red} ${green} ${blue})`;
