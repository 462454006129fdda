import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Lock } from "#schema/lock.ts";
import { answer, badDays } from "../e2e/bad-days.ts";
import { DoubleStage } from "../e2e/double-stage.ts";
import { killedAfter } from "../e2e/killed-after.ts";
import { exitCodeOf } from "../errors.ts";
import { clientOf } from "../images/oci.ts";
import { fetchRecord } from "../records.ts";
import { requireStage } from "../stage-files.ts";
import { fetchSubjects } from "../subject.ts";
import { lock } from "./lock.ts";
import { publish } from "./publish.ts";
import { verify } from "./verify.ts";

const home = await vi.hoisted(async () => {
  const { takeOwnHome } = await import("../e2e/own-home.ts");
  return takeOwnHome();
});

let stage: DoubleStage;
beforeEach(async () => {
  stage = await DoubleStage.open();
});
afterEach(() => stage.close());
afterAll(() => rmSync(home, { recursive: true }));

const name = "tiny-net@1.0.0";
const repository = "published/models/tiny-net";

/** What of a published version isn't as its lock says. */
async function problems(published: Lock): Promise<object[]> {
  const [subject] = await fetchSubjects([name], stage.at());
  if (!subject) throw new Error("no subject");
  return verify({ ...subject, lock: published }, "lock.json");
}

/** Digests that the tag which stands in for a list of referrers names. */
async function listed({ image }: Lock): Promise<string[]> {
  const tag = image.digest.replace(":", "-");
  const found = await clientOf(stage.double.host).manifest(repository, tag);
  return JSON.parse(found?.text ?? "{}").manifests.map(({ digest }: { digest: string }) => digest);
}

// The ways of a registry that lists referrers itself differ in the last requests alone.
const someDays = Object.entries(badDays).filter(([what]) =>
  /after the work|403|wanted$/.test(what),
);

describe.each([
  ["without a list of referrers", false, Object.entries(badDays)],
  ["with one", true, someDays],
])("in a registry %s, all of a version is published as its lock says", (_, hasReferrers, days) => {
  test.each(days)("with %s", async (_, happens) => {
    stage.double.hasReferrers = hasReferrers;
    const { subject, built, tested } = await stage.build(name);
    happens(stage.double);
    const published = await lock(subject, built, await publish(subject, built, tested), stage.at());
    stage.double.mend();
    expect(await problems(published)).toEqual([]);
    if (hasReferrers) return;
    const { sbom, provenance } = published.attestations ?? {};
    expect(await listed(published)).toEqual([published.record, sbom, provenance]);
  });
});

test("interrupted anywhere and run again, nothing is lost and nothing doubled", async () => {
  const { subject, built, tested } = await stage.build(name);
  stage.double.asked.length = 0;
  const wanted = await publish(subject, built, tested);
  const count = stage.double.asked.length;
  expect(count).toBeGreaterThan(40);
  for (let request = 1; request < count; request += 7) {
    await stage.close();
    stage = await DoubleStage.open();
    const anew = await stage.build(name);
    stage.double.break(answer(418), { after: request, times: Number.POSITIVE_INFINITY });
    const error = await publish(anew.subject, anew.built, anew.tested).catch((thrown) => thrown);
    expect(exitCodeOf(error)).toBe(2);
    stage.double.mend();
    const published = await publish(anew.subject, anew.built, anew.tested);
    expect(published).toMatchObject({ digest: wanted.digest, bundle: wanted.bundle });
    const made = await lock(anew.subject, anew.built, published, stage.at());
    expect(await problems(made)).toEqual([]);
    expect(new Set(await listed(made)).size).toBe(3);
    expect(await listed(made)).toHaveLength(3);
  }
});

test("killed with SIGKILL at any time and run again, nothing is lost and nothing doubled", async () => {
  const first = await stage.build(name);
  const begun = stage.double.asked.length;
  const wanted = await publish(first.subject, first.built, first.tested);
  const count = stage.double.asked.length - begun;
  for (const share of [0.1, 0.5, 0.7, 0.85]) {
    await stage.close();
    stage = await DoubleStage.open();
    const { subject } = await stage.build(name);
    // As a command reads them: their keys are in another order.
    const [built, tested] = [requireStage("build", subject), requireStage("test", subject)];
    const { registry, work } = stage.at();
    const requests = stage.double.asked.length + Math.ceil(count * share);
    const args = ["publish", name, "--registry", registry, "--work", work];
    expect((await killedAfter(requests, stage.double, args)).signal).toBe("SIGKILL");
    const published = await publish(subject, built, tested);
    expect(published).toMatchObject({ digest: wanted.digest, bundle: wanted.bundle });
    const made = await lock(subject, built, published, stage.at());
    expect(await problems(made)).toEqual([]);
    expect(await listed(made)).toHaveLength(3);
    const uploaded = stage.double.uploads.filter(({ bytes }) => bytes > 0).map(({ path }) => path);
    expect(new Set(uploaded).size).toBe(uploaded.length);
  }
});

test("run again, it sends nothing", async () => {
  const { subject, built, tested } = await stage.build(name);
  await publish(subject, built, tested);
  stage.double.asked.length = 0;
  await publish(subject, built, tested);
  expect(stage.double.asked.filter(({ method }) => !["GET", "HEAD"].includes(method))).toEqual([]);
});

describe("a report is not believed", () => {
  const edited = async (edit: (report: Report) => void) => {
    const { subject, built, tested } = await stage.build(name);
    const forged = structuredClone(tested);
    const [report] = forged.reports;
    if (report) edit(report);
    return publish(subject, built, forged);
  };
  type Report = Awaited<ReturnType<DoubleStage["build"]>>["tested"]["reports"][number];

  test("that says passed over outputs that differ", async () => {
    const forging = edited(({ samples: [sample] }) => {
      const [output] = sample?.outputs ?? [];
      if (output) output.prediction = [{ label: "dark", probability: 0.9 }];
    });
    await expect(forging).rejects.toThrow(
      "grey.lightness: expected an output within its tolerance, got expected light first, got dark",
    );
  });

  test("that leaves a sample out", async () => {
    const forging = edited((report) => report.samples.splice(0));
    await expect(forging).rejects.toThrow("grey: expected a result, got none");
  });

  test("that leaves a platform out", async () => {
    const forging = edited((report) => {
      report.platform = "linux/arm64";
    });
    await expect(forging).rejects.toThrow("the test on linux/amd64\n  expected one report, got 0");
  });

  test("that failed", async () => {
    const forging = edited((report) => {
      report.passed = false;
    });
    await expect(forging).rejects.toThrow("expected a test that passed, got one that failed");
    expect(stage.double.holds()[repository]).toBeUndefined();
  });
});

test("the record says what was read out of the weights, or why nothing was", async () => {
  const { image, record: digest } = await stage.publish(name);
  const { record } = await fetchRecord(image.name, digest);
  expect(record.weights).toMatchObject([
    { file: "scale.txt", unread: "Files of the format other are not read." },
  ]);
});

describe("when the author's host is gone", () => {
  beforeEach(async () => {
    await stage.publish(name);
    stage.killHost();
    for (const kept of ["sources", "git"])
      rmSync(join(home, kept), { recursive: true, force: true });
    rmSync(stage.at().work, { recursive: true });
  });

  test("a published version is built and published from the registry's own copy", async () => {
    const { built, tested, subject } = await stage.build(name);
    expect(existsSync(join(subject.folder, "weights/scale.txt"))).toBe(true);
    const again = await lock(subject, built, await publish(subject, built, tested), stage.at());
    expect(again).toEqual(subject.lock);
  });

  test("one that was never published says so", async () => {
    rmSync(join(stage.registry, "models/tiny-net/1.0.0/lock.json"));
    await expect(stage.build(name)).rejects.toThrow("a commit of https://git.example.org/models");
  });
});
