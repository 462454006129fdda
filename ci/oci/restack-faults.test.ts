import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answer, badDays } from "../e2e/bad-days.ts";
import { pushEngine, pushModel } from "../e2e/example-images.ts";
import { type Asked, RegistryDouble } from "../e2e/registry-double.ts";
import { exitCodeOf } from "../errors.ts";
import { type Added, pack } from "./added.ts";
import { OciClient } from "./client.ts";
import { EngineImage, restack } from "./restack.ts";
import { type Place, type Published, readOnEngine, readWhole } from "./whole-image.ts";

let double: RegistryDouble;
let engines: [Place, Place];
let model: Published;
/** The image as it would have been pushed on the new engine in the first place. */
let wanted: string;

beforeEach(async () => {
  double = await RegistryDouble.open();
  const client = newClient();
  engines = [await pushEngine(client, "1"), await pushEngine(client, "2")];
  model = await pushModel(client, "1");
  const elsewhere = await RegistryDouble.open();
  wanted = (await pushModel(new OciClient(elsewhere.host), "2")).digest;
  await elsewhere.close();
  double.asked.length = 0;
});
afterEach(() => double.close());

describe("an image gets the digest that it has on the new engine", () => {
  test.each(Object.entries(badDays))("with %s", async (_, happens) => {
    happens(double);
    expect(await restackModel()).toBe(wanted);
    expect(double.holds()["models/example"]?.tags).toEqual({ next: wanted });
  });
});

test("it takes 11 requests for two platforms, beside what is read of the engines", async () => {
  await restackModel();
  expect(requests("GET")).toHaveLength(2);
  expect(requests()).toHaveLength(11);
});

test("where the lock says what it adds, it takes 9, and reads nothing of the model", async () => {
  model = await withAdded();
  expect(await restackModel()).toBe(wanted);
  expect(requests("GET")).toEqual([]);
  expect(requests()).toHaveLength(9);
});

test.each([
  ["another label", (added) => pack({ ...added, labels: { "ai.modelhub.id": "other" } })],
  ["a layer less", (added) => pack({ ...added, layers: added.layers.slice(1) })],
  ["a shape of its own", () => pack({ layers: "none" } as never)],
  ["bytes that unpack to more than any image has", () => pack({ a: "a".repeat(2e6) } as never)],
  ["no such thing", () => "none"],
] satisfies [string, (added: Added) => string][])(
  "a lock that says %s is not believed: the image is read",
  async (_, lie) => {
    model = await withAdded(lie);
    expect(await restackModel()).toBe(wanted);
    expect(requests("GET")).toHaveLength(2);
  },
);

test("a model that adds something else on each platform is read on each", async () => {
  const own = ["weights", "compiled"];
  model = await pushModel(newClient(), "1", model.repository, "1", own);
  const elsewhere = await RegistryDouble.open();
  wanted = (await pushModel(new OciClient(elsewhere.host), "2", model.repository, "2", own)).digest;
  await elsewhere.close();
  double.asked.length = 0;
  expect(await restackModel()).toBe(wanted);
  expect(requests("GET").length).toBeGreaterThan(2);
});

test("interrupted at any request and run again, it ends with the same digest and nothing twice", async () => {
  await restackModel();
  const [count, holds] = [double.asked.length, double.holds()];
  expect(count).toBeGreaterThan(11);
  for (let request = 0; request < count; request++) {
    await double.close();
    double = await RegistryDouble.open();
    await Promise.all([pushEngine(newClient(), "1"), pushEngine(newClient(), "2")]);
    await pushModel(newClient(), "1");
    double.asked.length = 0;
    double.break(
      { kind: "drop", when: request % 2 ? "after" : "before" },
      { after: request, times: Number.POSITIVE_INFINITY },
    );
    const error = await restackModel(newClient(1)).catch((thrown) => thrown);
    expect(exitCodeOf(error)).toBe(75);
    double.mend();
    expect(await restackModel()).toBe(wanted);
    expect(double.holds()).toEqual(holds);
    const arrived = double.uploads.filter(({ bytes }) => bytes > 0);
    const digests = arrived.map(({ path }) => path.replace(/.*digest=/, ""));
    expect(digests.toSorted()).toEqual([...new Set(digests)].sort());
  }
});

test("run again, it sends no blob's bytes", async () => {
  await restackModel();
  const before = double.uploads.length;
  expect(await restackModel()).toBe(wanted);
  expect(double.uploads).toHaveLength(before);
});

test("an image whose bytes are not those that its lock names is refused, and nothing is written", async () => {
  const before = double.holds();
  double.break({ kind: "wrongBytes" }, { method: "GET", path: /models\/example\/manifests/ });
  await expect(restackModel()).rejects.toThrow("holds other bytes");
  expect(double.holds()).toEqual(before);
});

test("a tag that someone moves changes nothing: images are read by digest", async () => {
  double.moveTag("models/example", "1.0.0", engines[0].digest);
  expect(await restackModel()).toBe(wanted);
});

test("a registry that never answers ends it with exit code 75, and no tag", async () => {
  double.break(answer(503), { method: "PUT", times: Number.POSITIVE_INFINITY });
  const error = await restackModel().catch((thrown) => thrown);
  expect(exitCodeOf(error)).toBe(75);
  expect(double.holds()["models/example"]?.tags).toEqual({});
});

/** The model with what it adds to its engine's, as its lock has it or as `lie` makes of it. */
async function withAdded(lie: (added: Added) => string = pack): Promise<Published> {
  const client = newClient();
  const { added } = await readOnEngine(client, model, await readWhole(client, engines[0]));
  double.asked.length = 0;
  if (!added) throw new Error("it adds something else on each platform");
  return { ...model, added: lie(added) };
}

/** What was asked about the model. */
function requests(method = ""): Asked[] {
  const isOfModel = ({ method: used, path }: Asked) =>
    used.startsWith(method) && path.includes(model.repository);
  return double.asked.filter(isOfModel);
}

function newClient(attempts = 8): OciClient {
  return new OciClient(double.host, { attempts, firstWaitMs: 2, limitSeconds: 0 });
}

async function restackModel(client = newClient()): Promise<string> {
  const [from, to] = engines;
  const read = (place: Place) => EngineImage.read(client, place);
  return restack(client, model, await read(from), await read(to), ["next"]);
}
