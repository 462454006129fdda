import type { ModelInfo } from "./config.ts";
import type { Stage, StageMicroseconds } from "./worker.ts";

/** Numbers about this server, for Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/ */

type LabelValue = string | number;

/** What all kinds of metrics have in common: a name, and a line for each combination of labels. */
abstract class Metric {
  readonly #head: string;
  protected readonly name: string;
  readonly #labels: string[];
  readonly #keys = new Map<string, string>();

  constructor(type: string, name: string, help: string, labels: string[]) {
    this.name = `modelhub_${name}`;
    this.#labels = labels;
    this.#head = `# HELP ${this.name} ${help}\n# TYPE ${this.name} ${type}\n`;
  }

  /** The labels as they stand before the closing brace. */
  protected key(values: LabelValue[]): string {
    const together = values.length === 1 ? String(values[0]) : values.join("\n");
    let key = this.#keys.get(together);
    if (key === undefined) {
      key = values.map((value, index) => `${this.#labels[index]}="${escaped(value)}"`).join();
      this.#keys.set(together, key);
    }
    return key;
  }

  text(): string {
    return this.#head + this.lines().join("");
  }

  protected abstract lines(): string[];

  protected line(key: string, value: number, suffix = ""): string {
    return `${this.name}${suffix}${key && `{${key}}`} ${value}\n`;
  }
}

/** Counts up. */
export class Counter extends Metric {
  readonly #values = new Map<string, number>();

  constructor(name: string, help: string, labels: string[] = []) {
    super("counter", name, help, labels);
    if (labels.length === 0) this.add(0);
  }

  add(amount: number, ...labels: LabelValue[]): void {
    const key = this.key(labels);
    this.#values.set(key, (this.#values.get(key) ?? 0) + amount);
  }

  protected override lines(): string[] {
    return [...this.#values].map(([key, value]) => this.line(key, value));
  }
}

/** Goes up and down; read when somebody asks. */
export class Gauge extends Metric {
  readonly #values = new Map<string, () => number>();

  constructor(name: string, help: string, labels: string[] = []) {
    super("gauge", name, help, labels);
  }

  set(read: () => number, ...labels: LabelValue[]): void {
    this.#values.set(this.key(labels), read);
  }

  protected override lines(): string[] {
    return [...this.#values].map(([key, read]) => this.line(key, read()));
  }
}

// From a tiny model's answer to the longest job.
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120];

/** Counts seconds by size. */
export class Histogram extends Metric {
  readonly #values = new Map<string, { counts: number[]; sum: number }>();

  constructor(name: string, help: string, labels: string[]) {
    super("histogram", name, help, labels);
  }

  observe(seconds: number, ...labels: LabelValue[]): void {
    const key = this.key(labels);
    let value = this.#values.get(key);
    if (!value) {
      value = { counts: new Array(buckets.length + 1).fill(0), sum: 0 };
      this.#values.set(key, value);
    }
    let bucket = 0;
    while (bucket < buckets.length && seconds > (buckets[bucket] as number)) bucket += 1;
    (value.counts[bucket] as number) += 1;
    value.sum += seconds;
  }

  protected override lines(): string[] {
    return [...this.#values].flatMap(([key, { counts, sum }]) => {
      let total = 0;
      const lines = [...buckets, "+Inf"].map((bound, index) => {
        total += counts[index] as number;
        return this.line(`${key},le="${bound}"`, total, "_bucket");
      });
      return [...lines, this.line(key, sum, "_sum"), this.line(key, total, "_count")];
    });
  }
}

// A model that makes up names must not fill the memory.
const maxOwn = 100;

/** All metrics of the server. */
export class Metrics {
  readonly requests = new Counter("requests_total", "Requests answered.", ["route", "code"]);
  readonly requestSeconds = new Histogram(
    "request_seconds",
    "Seconds from a request's head to the head of its reply.",
    ["route"],
  );
  readonly stageSeconds = new Histogram(
    "stage_seconds",
    "Seconds that a prediction spent in each stage.",
    ["stage"],
  );
  readonly queueDepth = new Gauge("queue_depth", "Predictions that wait for a worker.");
  readonly workerRestarts = new Counter("worker_restarts_total", "Workers started after a loss.");
  readonly workerRss = new Gauge("worker_rss_bytes", "Memory of a worker when it last told.", [
    "worker",
  ]);
  readonly #info = new Gauge("model_info", "What this server answers for.", [
    "id",
    "version",
    "revision",
    "engine",
  ]);
  readonly #own = new Map<string, Gauge>();

  constructor({ identity, engineVersion }: ModelInfo) {
    const { id, version, revision } = identity;
    this.#info.set(() => 1, id, version ?? "", revision ?? "", engineVersion);
  }

  /** Note how long the stages of one prediction took. */
  measure(microseconds: StageMicroseconds): void {
    for (const stage in microseconds)
      if (stage !== "total") this.stageSeconds.observe(microseconds[stage as Stage] / 1e6, stage);
  }

  /** Set a gauge of the model's own. */
  setOwn(name: string, value: number, worker: number): void {
    if (!/^[a-z][a-z0-9_]{0,59}$/.test(name) || typeof value !== "number") return;
    let gauge = this.#own.get(name);
    if (!gauge) {
      if (this.#own.size >= maxOwn) return;
      gauge = new Gauge(`own_${name}`, "Set by the model.", ["worker"]);
      this.#own.set(name, gauge);
    }
    gauge.set(() => value, worker);
  }

  /** The reply to who asks. */
  text(): string {
    const { requests, requestSeconds, stageSeconds, queueDepth, workerRestarts, workerRss } = this;
    const server = [requests, requestSeconds, stageSeconds, queueDepth, workerRestarts, workerRss];
    return [...server, this.#info, ...this.#own.values()].map((metric) => metric.text()).join("");
  }
}

function escaped(value: LabelValue): string {
  return String(value).replace(/[\\"\n]/g, (found) => (found === "\n" ? "\\n" : `\\${found}`));
}
