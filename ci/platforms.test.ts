import { expect, test } from "vitest";
import { partOf, partsOf, variantsOf } from "./platforms.ts";
import type { FetchedSubject, Subject } from "./subject.ts";

const subject = (...platforms: string[]) =>
  ({ key: "k", contentKey: "c", work: "/work", instance: { platforms } }) as unknown as Subject;

test("each platform's part has keys, a folder and a platform of its own", () => {
  const parts = partsOf(subject("linux/amd64", "linux/arm64"));
  expect(parts.map(({ work, instance }) => [work, instance.platforms])).toEqual([
    ["/work/linux-amd64", ["linux/amd64"]],
    ["/work/linux-arm64", ["linux/arm64"]],
  ]);
  const keys = parts.flatMap(({ key, contentKey }) => [key, contentKey]);
  expect(new Set(["k", "c", ...keys]).size).toBe(6);
});

test("a variant has none of its own", () => {
  const config = { variants: { cuda: { runtime: "runtime-cuda" } } };
  const whole = { ...subject("linux/amd64"), config } as unknown as FetchedSubject;
  const [cuda, ...more] = variantsOf(whole);
  expect(more).toEqual([]);
  expect(cuda).toMatchObject({ variant: "cuda", work: "/work/cuda" });
  expect(cuda && variantsOf(cuda)).toEqual([]);
});

test("with one platform the part is the whole", () => {
  const whole = subject("linux/arm64");
  expect(partOf(whole, "linux/arm64")).toBe(whole);
});

test("a platform that the registry does without is told with those that it has", () => {
  expect(() => partOf(subject("linux/arm64"), "linux/amd64")).toThrow(
    "--platform\n  expected a platform of registry.json: linux/arm64, got linux/amd64",
  );
});
