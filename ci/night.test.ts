import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { lookAt, versionsOfNight } from "./night.ts";
import { nameOf } from "./registry.ts";

const versions = (count: number) =>
  Array.from({ length: count }, (_, number) => ({
    ...{ id: `model-${number}`, version: "1.0.0" },
    file: `models/model-${number}/1.0.0/lock.json`,
  }));
const all = versions(10_000);

/** So many days in a row. */
const days = (count: number) =>
  Array.from({ length: count }, (_, day) =>
    new Date(Date.UTC(2026, 1, 27) + day * 86_400_000).toISOString().slice(0, 10),
  );

test("where all fits into a night, each night looks at all", () => {
  const night = versionsOfNight(all, 10_000, "2026-01-31", () => 1);
  expect(night).toEqual({ due: all, part: 1, of: 1 });
});

test("no night takes longer than its minutes, and each version has its turn once in so many", () => {
  const minutes = 120;
  const nights = days(128).map((day) => versionsOfNight(all, minutes, day, () => 1));
  expect(new Set(nights.map(({ of }) => of))).toEqual(new Set([128]));
  expect(Math.max(...nights.map(({ due }) => due.length))).toBeLessThanOrEqual(minutes);
  const seen = nights.flatMap(({ due }) => due.map(nameOf));
  expect(seen.sort()).toEqual(all.map(nameOf).sort());
});

test("a registry that grows beyond a night leaves no version waiting longer than its new number of nights", () => {
  const [before, after] = [versions(150), versions(210)];
  const of = (list: typeof all) => versionsOfNight(list, 200, "2026-01-31", () => 1).of;
  expect([of(before), of(after)]).toEqual([1, 2]);
  const [first = "", ...later] = days(3);
  const seen = [before, after, after].flatMap(
    (list, night) => versionsOfNight(list, 200, [first, ...later][night] ?? "", () => 1).due,
  );
  const names = new Set(seen.slice(before.length).map(nameOf));
  expect(before.filter((one) => !names.has(nameOf(one)))).toEqual([]);
});

test("the same night has the same versions, whatever else is registered or in whichever order", () => {
  const due = (list: typeof all) =>
    versionsOfNight(list, 100, "2026-01-31", () => 1).due.map(nameOf);
  const one = due(all);
  expect(due(all.toReversed())).toEqual(one.toReversed());
  expect(due(all.slice(1)).filter((name) => !one.includes(name))).toEqual([]);
});

test("a night whose time is over tells how many nobody came to", async () => {
  const minutes = 0.05 / 60;
  const pace = { minutesFor: () => 0, atOnce: 2 };
  const said: string[] = [];
  const looked = await lookAt(
    versions(10),
    { minutes, day: "2026-01-31", say: (line) => said.push(line) },
    pace,
    async () => {
      await delay(40);
      return [];
    },
  );
  expect(said).toEqual([
    "2026-01-31 is for part 1 of 1: 10 of 10 versions, each of which has its turn once in 1 night",
  ]);
  const [left] = looked.flatMap(({ problems }) => problems);
  expect(looked.length).toBe(5);
  expect(left).toMatchObject({
    file: "models/model-4/1.0.0/lock.json",
    got: "none at this one, nor at 5 others: the time was over",
  });
});

test("without minutes every version is looked at, and nothing is said", async () => {
  const said: string[] = [];
  const looked = await lookAt(
    versions(20),
    { say: (line) => said.push(line) },
    { minutesFor: () => 1000 },
    async () => [],
  );
  expect([looked.length, said]).toEqual([20, []]);
});

test.each([
  [0, "2026-01-31", "expected minutes above 0"],
  [Number.NaN, "2026-01-31", "expected minutes above 0"],
  [10, "31.1.2026", "expected a day such as 2026-01-31, got 31.1.2026"],
])("%s minutes of %s are refused", (minutes, day, sentence) => {
  expect(() => versionsOfNight(all, minutes, day, () => 1)).toThrow(sentence);
});
