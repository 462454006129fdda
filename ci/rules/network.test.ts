import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder, problems, weights } from "../e2e/contributed.ts";
import { sha256 } from "../files.ts";
import { graph, model, node } from "../network/onnx-double.ts";

test("what comes to a tensor has its axes, unless code brings it there", async () => {
  const bytes = model(graph([node("Relu", ["x"], ["y"])]));
  const path = "weights/network.onnx";
  const fact = { path, sha256: sha256(bytes), bytes: bytes.length, format: "onnx" } as const;
  const find = () => problems({ weights: [{ ...weights, ...fact }] }, { [path]: bytes });
  expect(await find()).toEqual([]);
  rmSync(join(folder, "model.py"));
  expect(await find()).toEqual([
    "tiny/modelhub.json inputs[0].axes: an array as the network's x [3] takes it | one of y, x",
  ]);
});
