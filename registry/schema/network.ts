import { z } from "zod";

/** What a weights file says of the network in it. It is read without running or loading anything. */

const whole = z.number().int().min(0);
const counts = (what: string) => z.record(z.string(), whole).describe(what);

export const NetworkTensor = z
  .strictObject({
    name: z.string().describe("Name in the file."),
    type: z.string().optional().describe("Type of its elements."),
    shape: z
      .array(z.union([whole, z.string()]))
      .optional()
      .describe("Size of each axis; a name or ? where the file leaves it open."),
  })
  .describe("An input or output of the network.");

/** The graph in a form that is drawn and compared. Node i is the i-th of both lists. */
export const NetworkGraph = z
  .strictObject({
    operators: z.array(z.string()).describe("Names of operators, each once."),
    nodes: z
      .array(whole)
      .describe("Each node's operator, as its place in `operators`; in the order of running."),
    parameters: z.array(whole).describe("Parameters of each node."),
    edges: z
      .array(z.tuple([whole, whole]))
      .describe("Places of two nodes; the second takes what the first gives."),
  })
  .describe("Nodes and edges, without weights.");

export const Network = z
  .strictObject({
    producer: z.string().optional().describe("Program that wrote the file."),
    opset: whole.optional().describe("Version of ONNX's operators."),
    inputs: z.array(NetworkTensor).optional().describe("What goes in."),
    outputs: z.array(NetworkTensor).optional().describe("What comes out."),
    operators: counts("How often each operator is used, without constants.").optional(),
    depth: whole.optional().describe("Operators on the longest path."),
    layers: whole
      .optional()
      .describe(
        "Convolutions, matrix products and recurrent cells with weights, on the path that has most of them.",
      ),
    parameters: z
      .strictObject({
        total: whole.describe(
          "Numbers that operators use as weights. Running means count too; a lone number does not.",
        ),
        byType: counts("Parameters by the type of their elements."),
        byOperator: counts("Parameters by the operator that uses them.").optional(),
      })
      .describe("Parameters in the file."),
    activations: counts("How often each activation is used.").optional(),
    normalisers: counts(
      "How often each normaliser is used; one that was folded into a convolution is not seen.",
    ).optional(),
    graph: NetworkGraph.optional().describe("Absent where it has too many nodes to draw."),
  })
  .describe("What was read out of a weights file.");

export type Network = z.infer<typeof Network>;
export type NetworkGraph = z.infer<typeof NetworkGraph>;
export type NetworkTensor = z.infer<typeof NetworkTensor>;
