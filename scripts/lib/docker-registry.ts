import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePort } from "./free-port.ts";

/** A real OCI registry of one's own, which keeps what it is given below a folder. It runs until it is killed. */
export async function startRegistry(
  folder: string,
): Promise<{ host: string; server: ChildProcess }> {
  const port = await freePort();
  const config = join(folder, "registry.yml");
  writeFileSync(
    config,
    `version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\nstorage: {filesystem: {rootdirectory: ${join(folder, "blobs")}}, delete: {enabled: true}}\nhttp: {addr: "127.0.0.1:${port}"}\n`,
  );
  const server = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  let failure: Error | undefined;
  server.once("error", (error) => {
    failure = error;
  });
  for (let attempt = 0; ; attempt++) {
    if (failure)
      throw new Error(
        `docker-registry can't be started: ${failure.message}\n  hint: \`scripts/setup\` installs it`,
      );
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => undefined);
    if (answer?.ok) return { host: `localhost:${port}`, server };
    if (attempt === 600) {
      server.kill();
      throw new Error("docker-registry does not answer");
    }
    await delay(100);
  }
}
