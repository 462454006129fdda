import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import type { Instance } from "#schema/instance.ts";
import { readJson } from "../files.ts";
import { root } from "../home.ts";
import { machinePlatform } from "../platforms.ts";
import { runOnce, sandboxArguments } from "./container.ts";
import { ensureImage, reference } from "./level.ts";
import { baseLevel } from "./stack.ts";

test("the sandbox leaves a container nothing but limited memory, processors and its /tmp", () => {
  expect(sandboxArguments({ memoryMB: 512, cpus: 2 }).join(" ")).toBe(
    "--network none --read-only --tmpfs /tmp:rw,nosuid,nodev,size=512m --cap-drop ALL --security-opt no-new-privileges --user 65534:65534 --pids-limit 256 --memory 512m --memory-swap 512m --cpus 2",
  );
});

const withContainers = process.env["MODELHUB_CONTAINERS"] === "yes";

describe.skipIf(!withContainers)("hostile code in the sandbox", () => {
  const limits = { memoryMB: 192, cpus: 1 };
  let image = "";

  beforeAll(async () => {
    const platform = machinePlatform();
    const instance = readJson(`${root}/registry/registry.json`) as Instance;
    const subject = {
      id: "sandbox",
      version: "0.0.0",
      instance: { ...instance, platforms: [platform] },
    };
    const staging = process.env["MODELHUB_STAGING"] ?? "localhost:5151/build";
    const level = await baseLevel([platform]);
    image = reference(await ensureImage(level, subject, { staging, say: () => {} }));
  });

  /** What a script gives in the sandbox, its words or its failure. */
  async function tried(script: string, timeoutSeconds = 60): Promise<string> {
    const input = new Uint8Array();
    const args = ["python3", "-c", script];
    try {
      return await runOnce(image, machinePlatform(), limits, args, input, timeoutSeconds);
    } catch (error) {
      return (error as Error).message;
    }
  }

  async function containers(): Promise<string> {
    const filter = `name=modelhub-test-${process.pid}-`;
    return (await execa("docker", ["ps", "--all", "--quiet", "--filter", filter])).stdout;
  }

  test("reaches no network, not even the machine that it runs on", async () => {
    const script = (address: string) =>
      `import socket; socket.create_connection(("${address}", 5151), 5)`;
    for (const address of ["1.1.1.1", "172.17.0.1"])
      expect(await tried(script(address))).toContain("Network is unreachable");
  });

  test("starts no more processes than the limit: a fork bomb goes out", async () => {
    const out = await tried(
      [
        "import os, time",
        "n = 0",
        "try:",
        "  while True:",
        "    if os.fork() == 0: time.sleep(60)",
        "    n += 1",
        "except OSError as error: print(n, error.errno)",
      ].join("\n"),
    );
    // EAGAIN
    expect(out).toMatch(/^\d+ 11$/);
    expect(Number(out.split(" ")[0])).toBeLessThan(256);
  });

  test("writes nowhere but into /tmp, and there only so much", async () => {
    expect(await tried('open("/opt/x", "w")')).toContain("Read-only file system");
    const fill = 'f = open("/tmp/x", "wb")\nfor _ in range(50000): f.write(bytes(1 << 20))';
    // Either the folder is full, or the memory that it is made of.
    expect(await tried(fill)).toMatch(/No space left on device|exit code 137/);
  });

  test("prints no 50 GB: it is ended, and leaves no container", async () => {
    const flood = "import sys\nwhile True: sys.stdout.write('x' * (1 << 20))";
    const told = await tried(flood);
    expect(told).toContain("printed more than 256 MiB, and was ended");
    expect(told.length).toBeLessThan(70_000);
    expect(await containers()).toBe("");
  });

  test("takes no more memory than its limit", async () => {
    expect(await tried("x = bytearray(1 << 30)")).toMatch(/exit code 137|MemoryError/);
  });

  test("ends when its time is over, and leaves no container", async () => {
    const stubborn =
      "import signal, time\nfor s in (signal.SIGTERM, signal.SIGINT): signal.signal(s, signal.SIG_IGN)\ntime.sleep(600)";
    // The time that is given has 30 s of grace.
    expect(await tried(stubborn, -24)).toContain("took longer than 6 s, and was ended");
    expect(await containers()).toBe("");
  });

  test("ended before it has begun, it leaves no container either, however many start at once", async () => {
    // Docker takes longer than that to make a container when it has several to make.
    const seconds = Array.from({ length: 24 }, (_, number) => 0.125 * (1 + (number % 6)));
    const grace = 30;
    await Promise.all(seconds.map((time) => tried("import time; time.sleep(600)", time - grace)));
    // What is still being made would come a little later.
    await delay(2000);
    expect(await containers()).toBe("");
  });

  test("has no rights beyond its own", async () => {
    const script =
      "import os\nprint(os.getuid(), [l for l in open('/proc/self/status') if l.startswith(('CapEff', 'NoNewPrivs'))])";
    expect(await tried(script)).toMatch(/^65534 \['CapEff:\\t0+\\n', 'NoNewPrivs:\\t1\\n'\]$/);
  });
});
