// Zero crossings of the sinc on each side, shape of the Kaiser window, and the share of the new
// band that is kept: those of the engine's resample.py.
const crossings = 32;
const beta = 8;
const pass = 0.92;

/** Samples at `want` Hz instead of `have`, by a windowed sinc; before and after, it is silent. */
export function resample(
  samples: Float32Array<ArrayBuffer>,
  have: number,
  want: number,
): Float32Array<ArrayBuffer> {
  if (have === want || samples.length === 0) return samples;
  const common = divisor(have, want);
  const [up, down] = [want / common, have / common];
  const cutoff = pass * Math.min(1, want / have);
  const half = Math.ceil(crossings / cutoff);
  const resampled = new Float32Array(Math.ceil((samples.length * up) / down));
  // Samples that are `up` apart lie at the same place between two old ones, and share the weights.
  for (let phase = 0; phase < Math.min(up, resampled.length); phase += 1) {
    const rest = (phase * down) % up;
    const weights = kernel(rest / up, cutoff, half);
    for (let at = phase; at < resampled.length; at += up) {
      const first = Math.floor((at * down) / up) + 1 - half;
      let sum = 0;
      for (let tap = 0; tap < weights.length; tap += 1)
        sum += (weights[tap] as number) * (samples[first + tap] ?? 0);
      resampled[at] = sum;
    }
  }
  return resampled;
}

/** Weights of the samples about a place that lies `rest` after one of them; their sum is 1. */
function kernel(rest: number, cutoff: number, half: number): Float32Array {
  const weights = Float64Array.from({ length: 2 * half }, (_, tap) => {
    const time = tap + 1 - half - rest;
    return sinc(cutoff * time) * bessel(beta * Math.sqrt(Math.max(0, 1 - (time / half) ** 2)));
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Float32Array.from(weights, (weight) => weight / sum);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** The modified Bessel function of order 0, by its series. */
function bessel(x: number): number {
  let [sum, term] = [1, 1];
  for (let k = 1; term > sum * 1e-16; k += 1) {
    term *= (x / 2 / k) ** 2;
    sum += term;
  }
  return sum;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
