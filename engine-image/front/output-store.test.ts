import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { OutputStore } from "./output-store.ts";

const folder = mkdtempSync(join(tmpdir(), "output-store-test-"));
const minutes = 60_000;

function file(name: string, text: string) {
  const path = join(folder, `made-${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, text);
  return { name: name.replace(/\..*/, ""), mediaType: "application/x-hdf5", file: name, path };
}

afterEach(() => vi.useRealTimers());

describe("kept outputs", () => {
  it("are found by request and name, at the address that was given", async () => {
    const store = new OutputStore(folder);
    const kept = await store.keep("one", [file("mask.h5", "abc")]);
    expect(kept.get("mask")?.address).toBe("/api/output/one/mask.h5");
    const found = store.find("one", "mask.h5");
    expect(readFileSync(found?.path ?? "", "utf8")).toBe("abc");
    expect(found?.mediaType).toBe("application/x-hdf5");
  });

  it.each([
    ["two", "mask.h5"],
    ["one", "other.h5"],
    ["one", "../one/mask.h5"],
    ["__proto__", "mask.h5"],
  ])("aren't found as %s/%s", async (request, name) => {
    const store = new OutputStore(folder);
    await store.keep("one", [file("mask.h5", "abc")]);
    expect(store.find(request, name)).toBeUndefined();
  });

  it("never leave the store's folder, whatever the worker calls them", async () => {
    const store = new OutputStore(folder);
    const kept = await store.keep("one", [{ ...file("a.h5", "abc"), file: "../../../b.h5" }]);
    expect(kept.get("a")?.path).toBe(join(folder, "outputs/one/b.h5"));
  });

  it("are gone after 15 minutes", async () => {
    vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
    const store = new OutputStore(folder);
    const kept = await store.keep("old", [file("mask.h5", "abc")]);
    vi.advanceTimersByTime(14 * minutes);
    expect(store.find("old", "mask.h5")).toBeDefined();
    vi.advanceTimersByTime(2 * minutes);
    vi.useRealTimers();
    await expect.poll(() => existsSync(kept.get("mask")?.path ?? "")).toBe(false);
    expect(store.find("old", "mask.h5")).toBeUndefined();
  });

  it("make room, the oldest first", async () => {
    const store = new OutputStore(folder, 10);
    for (const id of ["first", "second", "third"]) await store.keep(id, [file("a.h5", "12345")]);
    const left = ["first", "second", "third"].filter((id) => store.find(id, "a.h5"));
    expect(left).toEqual(["second", "third"]);
  });
});
