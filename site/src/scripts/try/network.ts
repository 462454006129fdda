import type * as Ort from "onnxruntime-web/wasm";
import { convert, type DataType, isDataType, type NumberArray } from "#operations/array.ts";
import { inputChain, outputChain } from "#operations/model-operations.ts";
import type { Placement } from "#operations/placement.ts";
import { Misfit } from "#operations/step.ts";
import type { Config } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import { predictionOf } from "./prediction.ts";
import { TryProblem } from "./runner.ts";

type Named = { id: string; tensor?: string | undefined };

/** A network between its operations, as the engine runs it for a model without code. */
export interface Network {
  inputs: Config["inputs"];
  outputs: Config["outputs"];
  session: Ort.InferenceSession;
  Tensor: typeof Ort.Tensor;
  /** A text of the model's folder. */
  read(path: string): string;
}

// What ONNX Runtime calls the types that NumPy calls otherwise.
const dataTypes: Partial<Record<string, DataType>> = { float: "float32", double: "float64" };

/** What the network makes of an array for each input. Throws a TryProblem for what doesn't fit. */
export async function predict(
  network: Network,
  arrays: ReadonlyMap<string, NumberArray>,
): Promise<Prediction[]> {
  try {
    const { feeds, placements } = prepare(network, arrays);
    const results = await network.session.run(feeds);
    return network.outputs.map((output, index) => {
      const name = tensorName(output, index, network.session.outputNames);
      const { data, dims } = results[name] as Ort.Tensor;
      const array = { data: data as NumberArray["data"], shape: dims };
      const chain = outputChain(output, network.inputs, network.read);
      return predictionOf(output, chain.run(array, placements).value);
    });
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new TryProblem("The model can't take this", `What was chosen ${error.message}.`);
  }
}

/** What goes into the network, and where the operations have moved each input's elements. */
function prepare(network: Network, arrays: ReadonlyMap<string, NumberArray>) {
  const { inputs, session, Tensor } = network;
  const feeds: Record<string, Ort.Tensor> = {};
  const placements: Record<string, Placement> = {};
  for (const [index, input] of inputs.entries()) {
    const array = arrays.get(input.id);
    if (!array) throw new TryProblem("Something is missing", `Choose “${input.id}”.`);
    const { value, placement } = inputChain(input).run(array);
    const name = tensorName(input, index, session.inputNames);
    const type = tensorType(session, name);
    const { data, shape } = convert(value as NumberArray, type);
    feeds[name] = new Tensor(type, data as Float32Array, shape);
    placements[input.id] = placement;
  }
  return { feeds, placements };
}

/** The network's tensor that the config names, else the one in this place. */
function tensorName({ id, tensor }: Named, index: number, names: readonly string[]): string {
  const name = tensor ?? names[index];
  if (name !== undefined && names.includes(name)) return name;
  throw new TryProblem(
    "The network is another than declared",
    `“${id}” is tensor ${tensor ?? index + 1}; the network has ${names.join(", ")}.`,
  );
}

function tensorType(session: Ort.InferenceSession, name: string): "float32" {
  const known = session.inputMetadata.find((tensor) => tensor.name === name);
  const type = known?.isTensor ? known.type : "float32";
  const dtype = dataTypes[type] ?? type;
  if (isDataType(dtype) && dtype !== "float16") return dtype as "float32";
  throw new TryProblem("This can't run in a browser", `Tensor ${name} is of type ${type}.`);
}
