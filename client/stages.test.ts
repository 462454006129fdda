import { expect, test } from "vitest";
import { OursError, RetryError } from "#ci/errors.ts";
import type { FetchedSubject } from "#ci/subject.ts";
import { onItsOwn } from "./stages.ts";

const subject = { instance: { images: "registry.example/hub" } } as FetchedSubject;

test.each([
  ["can't be reached", new RetryError("no such host"), "localhost:5151/build"],
  ["refuses strangers", new OursError("it answered 401"), "registry.example/hub"],
])("a folder whose registry %s has its images in %s", async (_, error, images) => {
  const ask = async () => Promise.reject(error);
  expect((await onItsOwn(subject, "localhost:5151/build", ask)).instance.images).toBe(images);
});

test("a folder is built on what its registry has", async () => {
  const asked: string[] = [];
  const ask = async (reference: string) => asked.push(reference);
  expect(await onItsOwn(subject, "localhost:5151/build", ask)).toBe(subject);
  expect(asked).toEqual(["registry.example/hub/base:any"]);
});
