import { seconds } from "#viewers/format.ts";
import { type Files, type Reply, type Runner, type Step, TryProblem } from "./runner.ts";
import type { Answer, BrowserModel, Question } from "./worker-messages.ts";

/** Runs the model in a worker of this page. */
export class BrowserRunner implements Runner {
  readonly #model: BrowserModel;
  #worker: Worker | undefined;

  constructor(model: BrowserModel) {
    this.#model = model;
  }

  async predict(files: Files, signal: AbortSignal, tell: (step: Step) => void): Promise<Reply> {
    signal.throwIfAborted();
    const worker = this.#worker ?? this.#start();
    // At once: the next question may come before this one's promise is settled.
    signal.addEventListener("abort", () => this.#stop(worker), { once: true });
    try {
      return await asked(worker, { model: this.#model, files }, signal, tell);
    } catch (error) {
      // The next question begins anew.
      this.#stop(worker);
      throw error;
    }
  }

  #start(): Worker {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.#worker = worker;
    return worker;
  }

  #stop(worker: Worker): void {
    worker.terminate();
    if (this.#worker === worker) this.#worker = undefined;
  }
}

function asked(
  worker: Worker,
  question: Question,
  signal: AbortSignal,
  tell: (step: Step) => void,
): Promise<Reply> {
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    if (data.kind === "step") tell(data.step);
    else if (data.kind === "failed") reject(new TryProblem(data.title, data.detail));
    else
      resolve({
        outputs: data.outputs,
        facts: ["ran in this browser", `${seconds(data.seconds)} in the model`],
      });
  };
  worker.onerror = ({ message }) =>
    reject(new TryProblem("This browser can't run it", message || "The worker didn't start."));
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  worker.postMessage(question);
  return promise;
}
