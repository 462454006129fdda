import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Config } from "#schema/config.ts";
import base from "../e2e/base/contribution/modelhub.json" with { type: "json" };
import { root } from "../home.ts";
import { operationsFit } from "./operations.ts";
import type { Contributed } from "./rule.ts";

test("what the template's guide shows of a model without code is right", async () => {
  const guide = readFileSync(join(root, "contrib-template", "README.md"), "utf8");
  const [, shown = "{}"] = /```json\n(\{\n {2}"inputs": .*?)```/s.exec(guide) ?? [];
  const config = Config.parse({ ...base, ...JSON.parse(shown) });
  const contribution = { shown: "guide", parts: config } as Contributed["contribution"];
  expect(config.outputs[0]?.id).toBe("nuclei");
  expect(await operationsFit({ contribution } as Contributed)).toEqual([]);
});
