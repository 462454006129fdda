import { type Files, type Reply, type Runner, type Step, TryProblem } from "#page/runner.ts";
import type { Config } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import { seconds } from "#viewers/format.ts";

interface EngineReply {
  output: Prediction[];
  processing_time: number;
  model: { name: string; version: string | null; engine: string };
}

/** Runs the model in a container that the reader started. */
export class ContainerRunner implements Runner {
  readonly #config: Pick<Config, "id" | "title" | "inputs">;
  readonly #address: string;

  /** `address` is that of the container's page. */
  constructor(config: Pick<Config, "id" | "title" | "inputs">, address: string) {
    this.#config = config;
    this.#address = address.replace(/\/*$/, "/");
  }

  async predict(files: Files, signal: AbortSignal, tell: (step: Step) => void): Promise<Reply> {
    tell({ text: `Asking ${this.#address} …` });
    await this.#requireReady(signal);
    tell({ text: "Predicting …" });
    const body = new FormData();
    for (const [id, list] of files)
      for (const file of list) body.append(id, this.#typed(id, file), file.name);
    const reply = await this.#fetchJson<EngineReply>("api/predict", {
      method: "POST",
      body,
      signal,
    });
    const { name, version, engine } = reply.model;
    return {
      outputs: reply.output,
      facts: [
        version ? `${name} ${version} at ${this.#address}` : `${name} at ${this.#address}`,
        `engine ${engine}`,
        `${seconds(reply.processing_time)} in the model`,
      ],
    };
  }

  resolve(address: string): string {
    return new URL(address.replace(/^\//, ""), this.#address).href;
  }

  /** Throws a TryProblem unless the model that this page is about answers there. */
  async #requireReady(signal: AbortSignal): Promise<void> {
    await this.#fetchJson("health/ready", { signal });
    const { id, title } = await this.#fetchJson<{ id: string; title?: string }>("api/get_config", {
      signal,
    });
    if (id !== this.#config.id)
      throw new TryProblem(
        "Another model answers there",
        `Expected ${this.#config.title}, got ${title ?? id}. Stop that container, or start this one on another port.`,
      );
  }

  /** The file with the type that the browser knows if the input takes it; else the server finds it out. */
  #typed(id: string, file: File): Blob {
    const input = this.#config.inputs.find((known) => known.id === id);
    const isTaken = input?.mediaTypes.includes(file.type);
    return file.slice(0, file.size, isTaken ? file.type : "application/octet-stream");
  }

  async #fetchJson<Body>(path: string, init: RequestInit): Promise<Body> {
    const response = await fetch(new URL(path, this.#address), init).catch((error: unknown) => {
      if (init.signal?.aborted) throw error;
      throw new TryProblem(
        `Nothing answers at ${this.#address}`,
        "Start the line above and wait until it says that it listens. If your browser asks whether this site may reach your own machine, allow it.",
      );
    });
    const body = await response.json().catch(() => ({}));
    if (response.ok) return body;
    throw new TryProblem(
      body.title ?? `The container answers ${response.status}`,
      body.detail ?? "Its log says more.",
    );
  }
}
