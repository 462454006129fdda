import { z } from "zod";
import { PostprocessingOperation, PreprocessingOperation } from "./operations.ts";
import {
  Axis,
  DataType,
  Doi,
  HttpsUrl,
  Id,
  outputTypes,
  Person,
  RelativePath,
  Sha256,
  Spdx,
  schemaVersion,
  Tolerance,
  Variant,
} from "./primitives.ts";

/** `modelhub.json`: the author's truth, in the author's own repository. */

const Key = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/)
  .describe("Name used in code: lower-case letters, digits and underscores.");

const TensorName = z.string().min(1).max(200).describe("Name of one of the network's tensors.");

export const Publication = z
  .strictObject({
    title: z.string().min(1).max(500).describe("Title of the work."),
    authors: z.string().max(2000).optional().describe("Authors as the work prints them."),
    year: z.number().int().min(1900).max(2100).optional().describe("Year of publication."),
    venue: z.string().max(300).optional().describe("Journal, conference or archive."),
    doi: Doi.optional(),
    arxiv: z
      .string()
      .regex(/^\d{4}\.\d{4,5}(v\d+)?$/)
      .optional()
      .describe("arXiv identifier, such as 1905.11946."),
    url: HttpsUrl.optional(),
    abstract: z.string().max(5000).optional().describe("Abstract of the work."),
    relation: z
      .enum(["describes", "uses", "trainedBy"])
      .optional()
      .describe("What the work is to the model. Default: it describes the model."),
  })
  .describe("A publication to cite with the model.");

export const Weights = z
  .strictObject({
    id: Key,
    path: RelativePath.optional().describe(
      "The file in this folder, or the name it gets when it comes from a source.",
    ),
    source: z
      .string()
      .max(2048)
      .regex(/^(pkg:(pypi|npm)\/[^\s#]+@[^\s#]+#[^\s]+|https:\/\/[^\s<>"]+)$/)
      .optional()
      .describe(
        "Where the file comes from: a package URL with the file after #, such as pkg:pypi/silero-vad@6.2.3#silero_vad/data/silero_vad.onnx, or an https address. Absent: the path in this folder.",
      ),
    mirrors: z
      .array(HttpsUrl)
      .min(1)
      .max(5)
      .optional()
      .describe("Further addresses of the same file, for the day when the source is gone."),
    sha256: Sha256,
    bytes: z.number().int().min(1).optional().describe("Size of the file in bytes."),
    format: z
      .enum([
        "onnx",
        "torchscript",
        "safetensors",
        "pytorch-state-dict",
        "keras",
        "tensorflow",
        "tflite",
        "other",
      ])
      .describe("Format of the file."),
    parameters: z.number().int().min(1).optional().describe("Number of trained parameters."),
  })
  .describe("One file of trained weights, pinned by its SHA-256.");

export const Input = z
  .strictObject({
    id: Key,
    kind: z
      .enum(["image", "volume", "array", "audio", "text", "table", "file"])
      .describe(
        "What is read. image: a picture, or one slice. volume: a scan, as NIfTI, NRRD or DICOM series. array: .npy, .npz or HDF5. audio: WAV or FLAC. text: UTF-8. table: CSV or JSON. file: bytes as they are.",
      ),
    mediaTypes: z
      .array(
        z
          .string()
          .max(100)
          .regex(/^[a-z]+\/[a-z0-9.+-]+$/)
          .describe("Media type, such as image/png."),
      )
      .min(1)
      .describe("Accepted media types."),
    axes: z
      .array(Axis)
      .min(1)
      .max(8)
      .describe(
        "Axes of the array, in order, with the sizes it takes; named operations come after. For text and file: one axis, whose size is the number of characters or bytes.",
      ),
    dtype: DataType,
    sampleRate: z
      .number()
      .int()
      .min(1)
      .max(768_000)
      .optional()
      .describe("audio: samples per second that the model gets; other recordings are resampled."),
    columns: z
      .array(z.string().min(1).max(100))
      .min(1)
      .optional()
      .describe("table: the columns that the model gets, in order."),
    preprocessing: z
      .array(PreprocessingOperation)
      .max(20)
      .optional()
      .describe("Named operations that bring the array to what the network takes."),
    tensor: TensorName.optional().describe(
      "Name of the network's input, where no code runs it. Default: by order.",
    ),
    range: z
      .strictObject({
        min: z.number().describe("Smallest value."),
        max: z.number().describe("Largest value."),
      })
      .optional()
      .describe("Range of the values."),
    description: z.string().max(1000).optional().describe("What the input is, in a sentence."),
  })
  .describe("What the model takes.");

export const Output = z
  .strictObject({
    id: Key,
    type: z
      .enum(outputTypes)
      .describe("Type of the output; it says how the output is drawn and compared."),
    grid: Key.optional().describe(
      "The input on whose grid the output lies: it has that input's spacing, origin and direction.",
    ),
    labels: z
      .record(z.string().regex(/^\d+$/), z.string().min(1).max(100))
      .optional()
      .describe('mask: what each value stands for, such as {"1": "brain"}.'),
    columns: z
      .array(z.string().min(1).max(100))
      .min(1)
      .optional()
      .describe("table, vector: names of the columns or numbers, in order."),
    schema: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        "custom: JSON Schema of the value; every answer is held to it. Keywords that the engine doesn't check, such as format, are refused.",
      ),
    postprocessing: z
      .array(PostprocessingOperation)
      .max(20)
      .optional()
      .describe("Named operations on what the network gives."),
    tensor: z
      .union([TensorName, z.array(TensorName).min(2).max(8)])
      .optional()
      .describe(
        "Name of the network's output, where no code runs it. Several are joined along their last axis; one that has an axis less, such as scores beside boxes, gives one number there. Default: by order.",
      ),
    axes: z.array(Axis).max(8).optional().describe("Axes of the array, in order."),
    dtype: DataType.optional(),
    unit: z
      .string()
      .max(60)
      .optional()
      .describe("Unit or meaning of the numbers, such as probability."),
    description: z.string().max(1000).optional().describe("How to read the output, in a sentence."),
    tolerance: Tolerance.optional(),
  })
  .describe("What the model gives.");

export const Sample = z
  .strictObject({
    id: Key,
    title: z.string().min(1).max(100).describe("What the sample shows."),
    inputs: z.record(Key, RelativePath).describe("One file for each input."),
    expected: RelativePath.describe("JSON file with the expected outputs, by output id."),
    credit: z.string().max(300).optional().describe("Whom to thank for the sample."),
    license: Spdx.optional().describe(
      "Licence of this sample where it differs from licenses.sampleData.",
    ),
  })
  .describe("A sample with the outputs that the model must give for it.");

const Metric = z
  .strictObject({
    name: z.string().min(1).max(60).describe("Name of the metric, such as top-1 accuracy."),
    value: z.number().describe("Its value."),
    unit: z.string().max(20).optional().describe("Its unit, such as %."),
    source: HttpsUrl.optional().describe("Where the value is claimed."),
  })
  .describe("A claimed figure.");

export const Config = z
  .strictObject({
    $schema: z.string().optional().describe("Address of this schema, for editors."),
    schemaVersion,
    id: Id,
    title: z.string().min(1).max(100).describe("Name of the model as people write it."),
    summary: z.string().min(1).max(200).describe("What the model does, in one sentence."),
    description: z
      .string()
      .max(20_000)
      .optional()
      .describe("What a reader should know, in Markdown."),
    task: z
      .enum([
        "image-classification",
        "object-detection",
        "keypoint-detection",
        "segmentation",
        "regression",
        "image-to-image",
        "audio-classification",
        "voice-activity-detection",
        "text-classification",
        "embedding",
        "tabular",
        "other",
      ])
      .describe("What the model is for."),
    domain: z
      .string()
      .min(1)
      .max(60)
      .optional()
      .describe("Field of application, such as radiology."),
    modality: z
      .array(z.string().min(1).max(60))
      .optional()
      .describe("Kinds of data, such as photograph or CT."),
    tags: z
      .array(z.string().min(1).max(40))
      .max(30)
      .optional()
      .describe("Further words to be found by."),
    authors: z.array(Person).min(1).describe("Who made the model."),
    packagers: z
      .array(Person)
      .optional()
      .describe("Who wrote this folder, where others made the model."),
    licenses: z
      .strictObject({
        code: Spdx.describe("SPDX licence of the code in this folder."),
        weights: Spdx.describe("SPDX licence of the weights."),
        sampleData: Spdx.describe("SPDX licence of the samples."),
      })
      .describe("Three licences, since they often differ."),
    publications: z.array(Publication).optional().describe("Works that describe the model."),
    provenance: z
      .strictObject({
        origin: HttpsUrl.optional().describe("Where the model was first published."),
        baseModels: z
          .array(z.string().max(200))
          .optional()
          .describe("Models that this one was made from."),
        trainedOn: z
          .array(
            z.strictObject({
              name: z.string().min(1).max(200).describe("Name of the data set."),
              url: HttpsUrl.optional(),
              size: z
                .string()
                .max(100)
                .optional()
                .describe("How much of it, such as 1.28 million images."),
              license: z.string().max(200).optional().describe("Terms of the data."),
            }),
          )
          .optional()
          .describe("Data that the model was trained on."),
        training: z
          .strictObject({
            epochs: z.number().min(0).optional().describe("Passes over the data."),
            batchSize: z.number().int().min(1).optional().describe("Samples in a step."),
            optimizer: z.string().max(100).optional().describe("Optimizer."),
            learningRate: z.number().positive().optional().describe("Initial learning rate."),
            loss: z.string().max(100).optional().describe("Loss function."),
            hardware: z.string().max(200).optional().describe("Machine that it ran on."),
            hours: z.number().min(0).optional().describe("Hours that it took."),
            code: HttpsUrl.optional().describe("Where the training code lies."),
          })
          .optional()
          .describe("How the model was trained."),
      })
      .optional()
      .describe("Where the model comes from."),
    model: z
      .strictObject({
        architecture: z
          .string()
          .min(1)
          .max(100)
          .describe("Architecture, such as EfficientNet-Lite0."),
        framework: z.string().min(1).max(60).describe("What runs it, such as ONNX Runtime."),
        entrypoint: RelativePath.optional().describe(
          "Python file with load and infer. Default model.py; without that file, ONNX Runtime runs the weights between the named operations.",
        ),
        batch: z
          .strictObject({
            maxSize: z.number().int().min(2).max(1024).describe("Most predictions at once."),
            maxDelayMs: z
              .number()
              .min(0)
              .max(1000)
              .optional()
              .describe("Longest wait for more of them, in milliseconds. Default 2."),
          })
          .optional()
          .describe("Set where the model has infer_batch: requests that wait are run together."),
      })
      .describe("The network and the code that runs it."),
    runtime: RelativePath.optional().describe(
      "Folder with the Dockerfile of the runtime image and what it copies. Models with equal folders share the image. Default runtime.",
    ),
    variants: z
      .partialRecord(
        Variant,
        z.strictObject({
          runtime: RelativePath.describe(
            "Folder with the Dockerfile of the variant's runtime image.",
          ),
        }),
      )
      .optional()
      .describe("Further images of the model, each with a runtime of its own."),
    weights: z.array(Weights).min(1).describe("Trained weights, each a file."),
    inputs: z.array(Input).min(1).describe("What the model takes."),
    outputs: z.array(Output).min(1).describe("What the model gives."),
    samples: z
      .array(Sample)
      .min(1)
      .describe("Samples with expected outputs; the test runs all of them."),
    resources: z
      .strictObject({
        memoryMB: z
          .number()
          .int()
          .min(16)
          .max(1_048_576)
          .optional()
          .describe("Memory that the model needs. Default 2048."),
        cpus: z
          .number()
          .min(0.1)
          .max(256)
          .optional()
          .describe("Cores that it makes use of. Default 2."),
        timeoutSeconds: z
          .number()
          .int()
          .min(1)
          .max(3600)
          .optional()
          .describe("Longest time for one prediction. Default 120."),
      })
      .optional()
      .describe("What the model needs; the test holds it to these limits."),
    evaluation: z
      .array(
        z.strictObject({
          dataset: z.string().min(1).max(200).describe("Data set and split."),
          metrics: z.array(Metric).min(1).describe("Claimed figures."),
        }),
      )
      .optional()
      .describe("Claimed performance."),
    use: z
      .strictObject({
        intended: z.string().min(1).max(2000).describe("What the model is meant for."),
        outOfScope: z.string().max(2000).optional().describe("What it must not be used for."),
        limitations: z.string().max(2000).optional().describe("Where it is known to fail."),
        notForClinicalUse: z.boolean().optional().describe("True: it is no medical device."),
      })
      .optional()
      .describe("Intended use and its limits."),
  })
  .describe("modelhub.json: what an author says of a model, in the author's own repository.");

export type Config = z.infer<typeof Config>;
export type Input = z.infer<typeof Input>;
export type Output = z.infer<typeof Output>;
export type Sample = z.infer<typeof Sample>;
export type Weights = z.infer<typeof Weights>;
export type Publication = z.infer<typeof Publication>;
