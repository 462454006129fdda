import { describe, expect, test } from "vitest";
import { plot } from "./plot.ts";

describe("plot", () => {
  test("reads probabilities against 0 to 1", () => {
    expect(plot([0, 0.5, 0.25])).toEqual({
      path: "M0 80L120 40L240 60",
      isColumns: false,
      min: 0,
      max: 1,
      zero: undefined,
    });
  });

  test("shows where zero lies", () => {
    expect(plot([-3, 1]).zero).toBe(20);
  });

  test("draws many numbers in few strokes, and none is lost", () => {
    const many = Array.from({ length: 100_000 }, (_, index) => (index === 777 ? 5 : 0));
    const { path, max } = plot(many, 64);
    expect(max).toBe(5);
    expect(path.match(/M/g)).toHaveLength(64);
    expect(path).toContain("V0");
  });

  test("bears no numbers, one number, and what is no number", () => {
    expect(plot([]).path).toBe("");
    expect(plot([2]).path).toBe("M0 0");
    expect(plot([Number.NaN, 1]).path).toBe("M0 0");
  });
});
