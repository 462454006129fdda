import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import { answer, badDays } from "../e2e/bad-days.ts";
import { DoubleStage, testedAsExpected } from "../e2e/double-stage.ts";
import { writeEngine } from "../e2e/own-home.ts";
import { readJson, writeJson } from "../files.ts";
import { lockedVersions } from "../release/locked.ts";
import { requireStage } from "../stage-files.ts";
import { type FetchedSubject, fetchSubjects } from "../subject.ts";
import { lock } from "./lock.ts";
import { publish } from "./publish.ts";
import { remove } from "./remove.ts";
import { restackAll } from "./restack.ts";
import { verify } from "./verify.ts";

const home = await vi.hoisted(async () => {
  const { takeOwnHome } = await import("../e2e/own-home.ts");
  return takeOwnHome();
});
const engine = join(home, "engine-image");
const name = "tiny-net@1.0.0";
let stage: DoubleStage;

beforeEach(async () => {
  writeEngine(engine, "1");
  stage = await DoubleStage.open();
  await stage.publish(name);
  writeEngine(engine, "2");
  stage.engine = "2";
  const { runtime: digest } = (await subjectOf()).lock?.stack ?? { runtime: "" };
  const runtime = { name: `${stage.images}/runtime`, tag: "", digest, seconds: 0 };
  await stage.pushEngine(runtime, await subjectOf());
  rmSync(stage.at().work, { recursive: true });
});
afterEach(() => stage.close());
afterAll(() => rmSync(home, { recursive: true }));

async function subjectOf(): Promise<FetchedSubject> {
  const [subject] = await fetchSubjects([name], stage.at());
  if (!subject) throw new Error(`no ${name}`);
  return subject;
}

test.each(Object.entries(badDays))(
  "with %s, each command that comes after the first publication does its work",
  async (_, happens) => {
    const meanwhile = <T>(work: () => Promise<T>): Promise<T> => {
      happens(stage.double);
      return work().finally(() => stage.double.mend());
    };
    const say = () => {};

    const [restacked] = await meanwhile(() => restackAll([], stage.at(), { say }));
    expect(restacked?.image, "restack").toMatch(/@sha256:/);

    const subject = await subjectOf();
    const built = requireStage("build", subject);
    const tested = testedAsExpected(subject, built);
    const published = await meanwhile(() => publish(subject, built, tested));
    const locked = await meanwhile(() => lock(subject, built, published, stage.at()));
    expect(`${locked.image.name}@${locked.image.digest}`, "publish").toBe(restacked?.image);

    const [version] = lockedVersions([], {}, stage.at());
    if (!version) throw new Error("nothing is locked");
    expect(await meanwhile(() => verify(version, version.file)), "verify").toEqual([]);

    stage.killHost();
    rmSync(join(home, "sources"), { recursive: true });
    const { folder } = await meanwhile(subjectOf);
    expect(existsSync(join(folder, "modelhub.json")), "the registry's own copy").toBe(true);

    callRemoved();
    await meanwhile(() => remove(name, stage.at()));
    const left = stage.double.holds()["published/models/tiny-net"];
    expect(left?.manifests, "remove").not.toContain(locked.image.digest);
  },
);

test("a registry that stays busy is asked another day, and what it holds is not called different", async () => {
  const [version] = lockedVersions([], {}, stage.at());
  if (!version) throw new Error("nothing is locked");
  stage.double.break(answer(503), { times: Number.POSITIVE_INFINITY });
  await expect(verify(version, version.file)).rejects.toMatchObject({ exitCode: 75 });
});

function callRemoved(): void {
  const file = join(stage.registry, "models/tiny-net/model.json");
  const removed = { "1.0.0": { reason: "It held a password.", since: "2026-01-31" } };
  writeJson(file, { ...(readJson(file) as object), removed });
}
