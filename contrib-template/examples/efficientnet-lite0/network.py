"""EfficientNet-Lite0 as an ONNX graph, from the state dict of its PyTorch version.

The names of the weights are those of the efficientnet-lite-pytorch package.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper, numpy_helper

SIZE = 224  # height and width of the input
EPSILON = 1e-3  # of the batch normalisation

Array = npt.NDArray[Any]


class Stage(NamedTuple):
    """Blocks in a row; their sizes and kernels are in the shapes of the weights."""

    repeats: int
    stride: int  # of the first block; the others have 1
    expansion: int


STAGES = (
    Stage(repeats=1, stride=1, expansion=1),
    Stage(repeats=2, stride=2, expansion=6),
    Stage(repeats=2, stride=2, expansion=6),
    Stage(repeats=3, stride=2, expansion=6),
    Stage(repeats=3, stride=1, expansion=6),
    Stage(repeats=4, stride=2, expansion=6),
    Stage(repeats=1, stride=1, expansion=6),
)


def build(state: Mapping[str, Array]) -> onnx.ModelProto:
    """Return the model: input (1, 3, SIZE, SIZE) float32 to probabilities (1, 1000)."""
    graph = Graph(state)
    graph.convolve("_conv_stem", "_bn0", stride=2)
    graph.relu6()
    block = 0
    for stage in STAGES:
        for repeat in range(stage.repeats):
            stride = stage.stride if repeat == 0 else 1
            graph.bottleneck(f"_blocks.{block}", stage.expansion, stride, residual=repeat > 0)
            block += 1
    graph.convolve("_conv_head", "_bn1")
    graph.relu6()
    graph.add("GlobalAveragePool")
    graph.add("Flatten")
    graph.add("Gemm", "_fc.weight", "_fc.bias", transB=1)
    graph.add("Softmax")
    return graph.model()


class Graph:
    """A chain of operators that grows at its end, `last`."""

    def __init__(self, state: Mapping[str, Array]) -> None:
        self.state = state
        self.nodes: list[onnx.NodeProto] = []
        self.weights: dict[str, Array] = {
            "_fc.weight": state["_fc.weight"],
            "_fc.bias": state["_fc.bias"],
            "zero": np.array(0, np.float32),
            "six": np.array(6, np.float32),
        }
        self.last = "image"
        self.size = SIZE

    def bottleneck(self, name: str, expansion: int, stride: int, residual: bool) -> None:
        """Add an inverted bottleneck: widen, filter each channel, narrow."""
        shortcut = self.last
        if expansion > 1:
            self.convolve(f"{name}._expand_conv", f"{name}._bn0")
            self.relu6()
        self.convolve(f"{name}._depthwise_conv", f"{name}._bn1", stride)
        self.relu6()
        self.convolve(f"{name}._project_conv", f"{name}._bn2")
        if residual:
            self.add("Add", shortcut)

    def convolve(self, name: str, norm: str, stride: int = 1) -> None:
        """Add a convolution with the batch normalisation after it folded into its weights."""
        weight = self.state[f"{name}.weight"]  # (out, in / groups, y, x)
        scale = self.state[f"{norm}.weight"] / np.sqrt(self.state[f"{norm}.running_var"] + EPSILON)
        shift = self.state[f"{norm}.bias"] - self.state[f"{norm}.running_mean"] * scale
        self.weights[f"{name}.weight"] = weight * scale[:, np.newaxis, np.newaxis, np.newaxis]
        self.weights[f"{name}.bias"] = shift
        kernel = weight.shape[2]
        # As TensorFlow's "same": the odd pixel of padding goes to the bottom and the right.
        size = -(-self.size // stride)
        padding = max((size - 1) * stride + kernel - self.size, 0)
        self.size = size
        before, after = padding // 2, padding - padding // 2
        self.add(
            "Conv",
            f"{name}.weight",
            f"{name}.bias",
            strides=[stride, stride],
            pads=[before, before, after, after],
            group=len(weight) if "depthwise" in name else 1,
        )

    def relu6(self) -> None:
        """Add the activation: what is below 0 becomes 0, what is above 6 becomes 6."""
        self.add("Clip", "zero", "six")

    def add(self, operator: str, *inputs: str, **attributes: Any) -> None:
        """Add an operator to the end of the chain; `inputs` are what it takes besides."""
        output = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, [self.last, *inputs], [output], **attributes))
        self.last = output

    def model(self) -> onnx.ModelProto:
        """Return the chain as a model whose output is that of the last operator."""
        number = onnx.TensorProto.FLOAT
        graph = helper.make_graph(
            self.nodes,
            "efficientnet-lite0",
            [helper.make_tensor_value_info("image", number, [1, 3, SIZE, SIZE])],
            [helper.make_tensor_value_info(self.last, number, [1, 1000])],
            [numpy_helper.from_array(array, name) for name, array in self.weights.items()],
        )
        # Versions that ONNX Runtime has read for years, in browsers too.
        opset = helper.make_opsetid("", 17)
        return helper.make_model(graph, opset_imports=[opset], ir_version=8)
