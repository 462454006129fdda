import { all, brief, fail, pass, type Rule, type Verdict } from "./rule.ts";

type Point = readonly number[];

interface Keypoint {
  name: string;
  instance?: number;
  point: Point;
}

interface Contour {
  label?: string;
  points: readonly Point[];
  closed: boolean;
}

/** Compares two lists of points by name and instance, in order. */
export function comparePoints(
  given: readonly Keypoint[],
  expected: readonly Keypoint[],
  { atol }: Rule,
): Verdict {
  const [want, have] = [expected.map(pointName), given.map(pointName)];
  if (want.join() !== have.join())
    return fail(`expected ${want.join(", ") || "no point"}, got ${have.join(", ") || "none"}`);
  for (const [at, { point }] of expected.entries()) {
    const found = given[at]?.point ?? [];
    const off = distance(found, point);
    if (!(off <= atol))
      return fail(
        `${want[at]}: expected ${place(point)}, got ${place(found)} (${brief(off, 3)} pixels off; atol ${brief(atol)})`,
      );
  }
  return pass(`${all(want.length)} points within tolerance`);
}

function pointName({ name, instance }: Keypoint): string {
  return instance === undefined ? name : `${name} (${instance})`;
}

/** Compares two lists of outlines, in order: no point of one may be far off the line of the other. */
export function compareContours(
  given: readonly Contour[],
  expected: readonly Contour[],
  { atol }: Rule,
): Verdict {
  const [want, have] = [expected.map(contourName), given.map(contourName)];
  if (want.join() !== have.join())
    return fail(`expected ${want.join(", ") || "no outline"}, got ${have.join(", ") || "none"}`);
  for (const [at, outline] of expected.entries()) {
    const found = given[at] as Contour;
    const off = Math.max(farthest(found, outline), farthest(outline, found));
    if (!(off <= atol))
      return fail(
        `outline ${at}: expected at most ${brief(atol)} pixels off, got ${brief(off, 3)}`,
      );
  }
  return pass(`${all(want.length)} outlines within tolerance`);
}

function contourName({ label, closed }: Contour): string {
  const kind = closed ? "closed outline" : "open outline";
  return label === undefined ? kind : `${kind} of ${label}`;
}

/** How far the points of an outline are from the line of the other, at most. */
function farthest({ points }: Contour, other: Contour): number {
  const starts = other.points;
  if (points.length === 0 || starts.length === 0)
    return points.length === starts.length ? 0 : Number.POSITIVE_INFINITY;
  const last = other.closed ? starts[0] : starts.at(-1);
  const ends = [...starts.slice(1), last as Point];
  const nearest = (point: Point) =>
    starts.reduce(
      (least, start, at) => Math.min(least, toSegment(point, start, ends[at] as Point)),
      Number.POSITIVE_INFINITY,
    );
  return points.reduce((most, point) => Math.max(most, nearest(point)), 0);
}

function toSegment(point: Point, start: Point, end: Point): number {
  const step = end.map((value, axis) => value - (start[axis] ?? 0));
  const length = step.reduce((sum, value) => sum + value * value, 0);
  const along = step.reduce(
    (sum, value, axis) => sum + value * ((point[axis] ?? 0) - (start[axis] ?? 0)),
    0,
  );
  const share = Math.min(1, Math.max(0, along / (length || 1)));
  return distance(
    point,
    start.map((value, axis) => value + share * (step[axis] ?? 0)),
  );
}

function distance(one: Point, other: Point): number {
  if (one.length !== other.length) return Number.POSITIVE_INFINITY;
  return Math.hypot(...one.map((value, axis) => value - (other[axis] ?? 0)));
}

const place = (point: Point) => `[${point.map((value) => brief(value)).join(", ")}]`;
