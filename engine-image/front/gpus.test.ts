import { describe, expect, it } from "vitest";
import { visibleGpus, workerEnvironments } from "./gpus.ts";

describe("visibleGpus", () => {
  it("counts the devices from 0, as CUDA does", () => {
    const devices = ["null", "nvidia3", "nvidia5", "nvidiactl", "nvidia-uvm"];
    expect(visibleGpus({}, devices)).toEqual(["0", "1"]);
  });

  it.each([
    ["2,0", ["2", "0"]],
    ["GPU-8f2a,MIG-1c", ["GPU-8f2a", "MIG-1c"]],
    ["", []],
    ["-1", []],
  ])("takes CUDA_VISIBLE_DEVICES=%s as it is", (value, expected) => {
    expect(visibleGpus({ CUDA_VISIBLE_DEVICES: value }, ["nvidia0"])).toEqual(expected);
  });
});

describe("workerEnvironments", () => {
  it.each([
    ["leaves all GPUs to a single worker", 1, ["0", "1"], [undefined]],
    ["gives each of several one, in turn", 3, ["0", "1"], ["0", "1", "0"]],
    ["has one worker for each GPU on demand", "gpus" as const, ["0", "1"], ["0", "1"]],
    ["has one worker where there is no GPU", "gpus" as const, [], [undefined]],
    ["sets nothing where there is no GPU", 2, [], [undefined, undefined]],
  ])("%s", (_, workers, gpus, expected) => {
    const found = workerEnvironments(workers, () => gpus);
    expect(found.map((env) => env["CUDA_VISIBLE_DEVICES"])).toEqual(expected);
  });
});
