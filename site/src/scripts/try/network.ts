import type * as Ort from "onnxruntime-web/wasm";
import { convert, type DataType, isDataType, type NumberArray } from "#operations/array.ts";
import { joined } from "#operations/joined.ts";
import { inputChain, outputChain } from "#operations/model-operations.ts";
import type { Placement } from "#operations/placement.ts";
import { Misfit } from "#operations/step.ts";
import { TryProblem } from "#page/runner.ts";
import type { Config } from "#schema/config.ts";
import type { Prediction } from "#schema/record.ts";
import type { Decoded } from "./decode.ts";
import { type Filed, predictionOf } from "./prediction.ts";

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

type Inputs = ReadonlyMap<string, Decoded>;

/** What the network makes of its inputs. Throws a TryProblem for what doesn't fit. */
export async function predict(network: Network, inputs: Inputs): Promise<(Prediction | Filed)[]> {
  try {
    const { feeds, placements } = prepare(network, inputs);
    const results = await network.session.run(feeds);
    return await Promise.all(
      network.outputs.map((output, index) => {
        const array = outputArray(output, index, network.session.outputNames, results);
        const chain = outputChain(output, network.inputs, network.read);
        const { value } = chain.run(array, placements);
        return predictionOf(output, value, inputs.get(output.grid ?? "")?.grid);
      }),
    );
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    throw new TryProblem("The model can't take this", `What was chosen ${error.message}.`);
  }
}

/** What goes into the network, and where the operations have moved each input's elements. */
function prepare({ inputs, session, Tensor }: Network, given: Inputs) {
  const feeds: Record<string, Ort.Tensor> = {};
  const placements: Record<string, Placement> = {};
  for (const [index, input] of inputs.entries()) {
    const array = given.get(input.id)?.array;
    if (!array) throw new TryProblem("Something is missing", `Choose “${input.id}”.`);
    const { value, placement } = inputChain(input).run(array);
    const name = tensorName(input.id, input.tensor, index, session.inputNames);
    const type = tensorType(session, name);
    const { data, shape } = convert(value as NumberArray, type);
    feeds[name] = new Tensor(type, data as Float32Array, shape);
    placements[input.id] = placement;
  }
  return { feeds, placements };
}

/** What the network gave for an output, joined where the config names several tensors. */
function outputArray(
  { id, tensor }: Config["outputs"][number],
  index: number,
  names: readonly string[],
  results: Ort.InferenceSession.ReturnType,
): NumberArray {
  const arrays = [tensor].flat().map((one) => {
    const { data, dims } = results[tensorName(id, one, index, names)] as Ort.Tensor;
    return { data: data as NumberArray["data"], shape: dims };
  });
  const [only] = arrays;
  return only && arrays.length === 1 ? only : joined(arrays);
}

/** The network's tensor that the config names, else the one in this place. */
function tensorName(
  id: string,
  tensor: string | undefined,
  index: number,
  names: readonly string[],
): string {
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
