import { describe, expect, test } from "vitest";
import { type Image, swapEngine } from "./swap.ts";

/** An image of one layer and one line of history for each of its names. */
function image(names: readonly string[], config: Record<string, unknown> = {}): Image {
  const layers = names.map((name) => ({ mediaType: "layer", digest: name, size: name.length }));
  return {
    manifest: {
      mediaType: "manifest",
      config: { mediaType: "config", digest: "sha256:config", size: 6 },
      layers,
    },
    config: {
      os: "linux",
      architecture: "amd64",
      config,
      history: names.map((name) => ({ created_by: name })),
      rootfs: { type: "layers", diff_ids: [...names] },
    },
  };
}

const before = image(["base", "engine 1"], { Env: ["V=1"], User: "0", Labels: { engine: "1" } });
const after = image(["base", "node", "engine 2"], {
  Env: ["V=2"],
  User: "0",
  Labels: { engine: "2" },
});
const own = { Env: ["V=1"], User: "1000", Labels: { engine: "1", id: "tiny-net" } };
const model = image(["base", "engine 1", "weights"], own);

describe("an image on another engine", () => {
  test("has the new engine's layers and history below its own", () => {
    const { manifest, config } = swapEngine(model, before, after);
    const names = ["base", "node", "engine 2", "weights"];
    expect(manifest.layers.map(({ digest }) => digest)).toEqual(names);
    expect(config.rootfs.diff_ids).toEqual(names);
    expect(config.history).toEqual(names.map((name) => ({ created_by: name })));
  });

  test("keeps what it says itself, and takes all else from the new engine", () => {
    expect(swapEngine(model, before, after).config.config).toEqual({
      Env: ["V=2"],
      User: "1000",
      Labels: { engine: "2", id: "tiny-net" },
    });
  });
});

test("an image that stands on another engine is refused, by its layers and by its history", () => {
  const other = image(["base", "engine 0", "weights"], own);
  expect(() => swapEngine(other, before, after)).toThrow("other layers");
  const history = [{ created_by: "somebody else" }, ...model.config.history.slice(1)];
  const rewritten = { ...model, config: { ...model.config, history } };
  expect(() => swapEngine(rewritten, before, after)).toThrow("other history");
});

test("what both the image and the new engine change is nobody's to decide", () => {
  const changed = image(["base", "engine 1", "weights"], { ...own, Env: ["V=1", "OWN=1"] });
  expect(() => swapEngine(changed, before, after)).toThrow("the new engine change Env");
});
