import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { answer } from "../e2e/bad-days.ts";
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

test("a rate limit that doesn't say for how long holds up all requests to the host for a while", async () => {
  const client = new OciClient(double.host, { limitSeconds: 2 });
  double.break(answer(403, "You have exceeded a secondary rate limit."));
  const limited = client.manifest("models/a", "one");
  await delay(1000);
  await Promise.all([limited, client.manifest("models/b", "one")]);
  const [first = 0, ...later] = double.asked.map(({ time }) => time);
  expect(later).toHaveLength(2);
  for (const time of later) expect(time - first).toBeGreaterThan(1900);
});

test("a registry that does not run is said to be so, with what to do", async () => {
  const { host } = double;
  await double.close();
  const client = new OciClient(host.replace("127.0.0.1", "localhost"), { attempts: 1 });
  await expect(client.resolve("models/a", "one")).rejects.toThrow(
    /models\/a: ECONNREFUSED\n {2}hint: `\.\/scripts\/services start`/,
  );
  double = await RegistryDouble.open();
});

test("a registry on this machine is asked as fast as it answers", async () => {
  const bucket = new TokenBucket(0);
  const started = performance.now();
  for (let count = 0; count < 1000; count++) await bucket.take();
  expect(performance.now() - started).toBeLessThan(10_000);
});

test("what was not used up is not saved beyond what comes at once", async () => {
  const bucket = new TokenBucket(6000, 2);
  await new Promise((done) => setTimeout(done, 200));
  const started = performance.now();
  for (let count = 0; count < 12; count++) await bucket.take();
  expect(performance.now() - started).toBeGreaterThan(90);
});
