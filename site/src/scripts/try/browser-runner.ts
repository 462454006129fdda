import { type Files, type Reply, type Runner, type Step, TryProblem } from "#page/runner.ts";
import type { Prediction } from "#schema/record.ts";
import { seconds } from "#viewers/format.ts";
import type { Filed } from "./prediction.ts";
import type { Answer, BrowserModel, DeviceName, Question } from "./worker-messages.ts";

/** Runs the model in a worker of this page. */
export class BrowserRunner implements Runner {
  readonly #model: BrowserModel;
  #device: DeviceName = "cpu";
  #worker: Worker | undefined;
  /** Of the files in the last reply. */
  #addresses: string[] = [];

  constructor(model: BrowserModel) {
    this.#model = model;
  }

  /** Run on another device from the next question on. */
  use(device: DeviceName): void {
    this.#device = device;
    if (this.#worker) this.#stop(this.#worker);
  }

  async predict(files: Files, signal: AbortSignal, tell: (step: Step) => void): Promise<Reply> {
    signal.throwIfAborted();
    for (const address of this.#addresses) URL.revokeObjectURL(address);
    const worker = this.#worker ?? this.#start();
    // At once: the next question may come before this one's promise is settled.
    const stop = () => this.#stop(worker);
    signal.addEventListener("abort", stop);
    try {
      const question = { model: this.#model, device: this.#device, files };
      const reply = await asked(worker, question, signal, tell);
      this.#addresses = reply.outputs.flatMap(blobOf);
      return reply;
    } catch (error) {
      // The next question begins anew.
      stop();
      throw error;
    } finally {
      // A worker that has answered takes the next question.
      signal.removeEventListener("abort", stop);
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
        outputs: data.outputs.map(addressed),
        facts: [
          `ran in this browser${data.device === "gpu" ? " on the graphics card" : ""}`,
          ...(data.device === question.device ? [] : ["the graphics card can't run this model"]),
          `${seconds(data.seconds)} in the model`,
        ],
      });
  };
  worker.onerror = ({ message }) =>
    reject(new TryProblem("This browser can't run it", message || "The worker didn't start."));
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  worker.postMessage(question);
  return promise;
}

/** A prediction whose file has an address in this page, as one of a server has there. */
function addressed(prediction: Prediction | Filed): Prediction {
  if (!("file" in prediction)) return prediction;
  return { ...prediction.output, prediction: URL.createObjectURL(prediction.file) } as Prediction;
}

function blobOf({ prediction }: Prediction): string[] {
  return typeof prediction === "string" && prediction.startsWith("blob:") ? [prediction] : [];
}
