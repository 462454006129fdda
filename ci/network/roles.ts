/** What operators are for, by their names in ONNX and in Keras. */

const activations: { [operator: string]: string } = {
  Celu: "CELU",
  Elu: "ELU",
  Gelu: "GELU",
  HardSigmoid: "hard sigmoid",
  HardSwish: "hard swish",
  LeakyRelu: "leaky ReLU",
  LogSoftmax: "log-softmax",
  Mish: "Mish",
  PRelu: "PReLU",
  Relu: "ReLU",
  Selu: "SELU",
  Sigmoid: "sigmoid",
  Softmax: "softmax",
  Softplus: "softplus",
  Softsign: "softsign",
  Swish: "SiLU",
  Tanh: "tanh",
  ThresholdedRelu: "thresholded ReLU",
  "com.microsoft.FastGelu": "GELU",
  "com.microsoft.Gelu": "GELU",
  "com.microsoft.QuickGelu": "GELU",
};

const normalisers: { [operator: string]: string } = {
  BatchNormalization: "batch normalisation",
  GroupNormalization: "group normalisation",
  InstanceNormalization: "instance normalisation",
  LRN: "local response normalisation",
  LayerNormalization: "layer normalisation",
  LpNormalization: "Lp normalisation",
  MeanVarianceNormalization: "mean-variance normalisation",
  RMSNormalization: "RMS normalisation",
  "com.microsoft.SkipLayerNormalization": "layer normalisation",
  "com.microsoft.SkipSimplifiedLayerNormalization": "RMS normalisation",
};

/** What an operator is called as an activation; undefined where it is none. */
export const activationOf = (operator: string): string | undefined =>
  Object.hasOwn(activations, operator) ? activations[operator] : undefined;

/** What an operator is called as a normaliser; undefined where it is none. */
export const normaliserOf = (operator: string): string | undefined =>
  Object.hasOwn(normalisers, operator) ? normalisers[operator] : undefined;
