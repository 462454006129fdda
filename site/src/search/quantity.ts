const units: { [kind: string]: { [unit: string]: number } } = {
  bytes: {
    b: 1,
    kb: 1e3,
    mb: 1e6,
    gb: 1e9,
    tb: 1e12,
    k: 1e3,
    m: 1e6,
    g: 1e9,
    t: 1e12,
    kib: 2 ** 10,
    mib: 2 ** 20,
    gib: 2 ** 30,
    tib: 2 ** 40,
  },
  seconds: { s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, min: 60 },
  count: { "%": 0.01, k: 1e3, m: 1e6, b: 1e9, bn: 1e9 },
};

/** A number with its unit in bytes, seconds or pieces; undefined when it can't be read. */
export function read(text: string, kind: "bytes" | "seconds" | "count"): number | undefined {
  const [, number, unit = ""] =
    /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*([a-zµ%]*)$/i.exec(text) ?? [];
  const factor = unit === "" ? 1 : units[kind]?.[unit.toLowerCase()];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
