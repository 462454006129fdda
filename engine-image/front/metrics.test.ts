import { describe, expect, it } from "vitest";
import { Counter, Gauge, Histogram, Metrics } from "./metrics.ts";

describe("metrics", () => {
  it("are in Prometheus' text form", () => {
    const counter = new Counter("requests_total", "Requests answered.", ["route", "code"]);
    counter.add(1, "/a", 200);
    counter.add(2, "/a", 200);
    counter.add(1, 'quote " backslash \\ newline \n', 404);
    const gauge = new Gauge("queue_depth", "Waiting.");
    let depth = 1;
    gauge.set(() => depth);
    depth = 7;
    expect(counter.text() + gauge.text()).toMatchInlineSnapshot(`
      "# HELP modelhub_requests_total Requests answered.
      # TYPE modelhub_requests_total counter
      modelhub_requests_total{route="/a",code="200"} 3
      modelhub_requests_total{route="quote \\" backslash \\\\ newline \\n",code="404"} 1
      # HELP modelhub_queue_depth Waiting.
      # TYPE modelhub_queue_depth gauge
      modelhub_queue_depth 7
      "
    `);
  });

  it("count into each bucket what is not above its bound", () => {
    const histogram = new Histogram("stage_seconds", "Seconds.", ["stage"]);
    for (const seconds of [0.001, 0.0011, 0.3, 500]) histogram.observe(seconds, "infer");
    const lines = histogram.text();
    for (const [bound, count] of [
      ["0.001", 1],
      ["0.0025", 2],
      ["0.25", 2],
      ["0.5", 3],
      ["120", 3],
      ["+Inf", 4],
    ])
      expect(lines).toContain(
        `modelhub_stage_seconds_bucket{stage="infer",le="${bound}"} ${count}\n`,
      );
    expect(lines).toContain('modelhub_stage_seconds_count{stage="infer"} 4\n');
    expect(lines).toContain('modelhub_stage_seconds_sum{stage="infer"} 500.3021\n');
  });

  it("take a limited number of well-named gauges from the model", () => {
    const identity = { id: "a", version: null, revision: null } as never;
    const metrics = new Metrics({ identity, engineVersion: "1" } as never);
    metrics.setOwn("bad name\n", 1, 0);
    for (let index = 0; index < 500; index += 1) metrics.setOwn(`gauge_${index}`, index, 0);
    metrics.setOwn("gauge_1", 7, 0);
    const text = metrics.text();
    expect(text).toContain('modelhub_own_gauge_1{worker="0"} 7\n');
    expect(text.match(/^modelhub_own_/gm)).toHaveLength(100);
    expect(text).not.toContain("bad name");
  });
});
