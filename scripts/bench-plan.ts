import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { readJson, writeFile, writeJson } from "#ci/files.ts";
import { root } from "#ci/home.ts";
import { findEntries } from "#ci/subject.ts";
import { workspace } from "#ci/workspace.ts";
import type { Lock } from "#schema/lock.ts";

/**
 * What `plan` costs where there is nothing to do: a registry of many locked versions, each in the
 * state that the pipeline leaves.
 */

const goalSeconds = 2;
const rounds = 5;

/** Times `modelhub plan` as a process of its own, and counts what it asks of the registry. */
export async function benchPlan(count: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "modelhub-plan-"));
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await writeRegistry(folder, count, host);
    const seconds: number[] = [];
    for (let round = 0; round < rounds; round++) seconds.push(await plan(folder, host));
    const median = seconds.toSorted((a, b) => a - b)[rounds >> 1] ?? 0;
    console.log(
      `plan, no-op    ${count} versions in ${median.toFixed(2)} s (median of ${rounds}), ${requests} requests to the registry (goal ${goalSeconds} s at 10,000, 0)`,
    );
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function plan(registry: string, host: string): Promise<number> {
  const started = performance.now();
  const main = join(root, "client", "main.ts");
  const { stdout } = await execa(
    process.execPath,
    [main, "plan", "--json", "--registry", registry],
    { env: { MODELHUB_STAGING: `${host}/build` } },
  );
  const seconds = (performance.now() - started) / 1000;
  const { items } = JSON.parse(stdout) as { items: unknown[] };
  if (items.length > 0) throw new Error(`expected nothing to do, got ${items.length} items`);
  return seconds;
}

async function writeRegistry(folder: string, count: number, host: string): Promise<void> {
  const instance = readJson(join(root, "registry", "registry.json")) as object;
  writeJson(join(folder, "registry.json"), { ...instance, images: `${host}/models` });
  const digest = `sha256:${"1".repeat(64)}`;
  for (let number = 0; number < count; number++) {
    const [id, revision] = [`model-${number}`, number.toString(16).padStart(40, "0")];
    const repository = `https://git.example.org/${id}`;
    const model = join(folder, "models", id);
    // As people's editors lay it out, which is not as we do.
    const maintainers = '"maintainers": [{ "github": "someone" }]';
    const entry = `{\n  "schemaVersion": "1",\n  "title": "${id}",\n  "repository": "${repository}",\n  ${maintainers}\n}\n`;
    writeFile(join(model, "model.json"), entry);
    writeJson(join(model, "1.0.0", "source.json"), { schemaVersion: "1", repository, revision });
  }
  for (const { id, version, key, contentKey, source } of await findEntries(
    [],
    workspace({ registry: folder }),
  )) {
    if (!source) continue;
    const { repository, revision } = source;
    const hash = "1".repeat(64);
    writeJson(join(folder, "models", id, version, "lock.json"), {
      schemaVersion: "1",
      id,
      version,
      key,
      contentKey,
      source: { repository, revision, path: ".", configSha256: hash },
      image: { name: `${host}/models/${id}`, digest, platforms: { "linux/amd64": digest } },
      stack: { base: digest, runtime: digest, engine: digest },
      engineVersion: "1.0.0",
      weights: { weights: hash },
      bundle: digest,
      record: digest,
      attestations: { sbom: digest, provenance: digest, signature: digest },
    } satisfies Lock);
  }
}
