import { afterEach, beforeEach, expect, test } from "vitest";
import { RegistryDouble } from "../e2e/registry-double.ts";
import { OciClient } from "./client.ts";
import { TokenBucket } from "./patience.ts";

let double: RegistryDouble;
beforeEach(async () => {
  double = await RegistryDouble.open();
});
afterEach(() => double.close());

test("a host gets no more requests in a time than it is said to take, whoever asks", async () => {
  const client = new OciClient(double.host, { perMinute: 600 });
  const started = performance.now();
  // 60 come at once; the others one every 100 ms.
  await Promise.all(Array.from({ length: 70 }, () => client.resolve("models/a", "one")));
  const seconds = (performance.now() - started) / 1000;
  expect(seconds).toBeGreaterThan(0.95);
  expect(double.asked).toHaveLength(70);
});

test("a registry on this machine is asked as fast as it answers", async () => {
  const bucket = new TokenBucket(0);
  const started = performance.now();
  for (let count = 0; count < 1000; count++) await bucket.take();
  expect(performance.now() - started).toBeLessThan(500);
});

test("what was not used up is not saved beyond what comes at once", async () => {
  const bucket = new TokenBucket(6000, 2);
  await new Promise((done) => setTimeout(done, 200));
  const started = performance.now();
  for (let count = 0; count < 12; count++) await bucket.take();
  expect(performance.now() - started).toBeGreaterThan(90);
});
