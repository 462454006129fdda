"""Builds the networks of the models without code in tests/models, with weights set by hand.

python -m tests.networks
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from onnx import ModelProto, helper, numpy_helper, save

MODELS = Path(__file__).parent / "models"


def main() -> None:
    """Write each network into its model's folder."""
    for name, network in {
        "no-code-labels": labels(),
        "no-code-boxes": boxes(),
        "no-code-mask": mask(),
    }.items():
        save(network, MODELS / name / "network.onnx")


def labels() -> ModelProto:
    """Return a network whose logits for red, green and blue are 8 times the means, 0 to 1."""
    return network(
        helper.make_node("GlobalAveragePool", ["picture"], ["means"]),
        helper.make_node("Flatten", ["means"], ["vector"]),
        helper.make_node("Mul", ["vector", "eight"], ["logits"]),
        given=("picture", [1, 3, 8, 8]),
        wanted=("logits", [1, 3]),
        constants={"eight": np.float32(8)},
    )


def boxes() -> ModelProto:
    """Return a network that gives rows [centre, size, score] for 7 × 7 squares of 4 pixels.

    The squares overlap by half; the score is the mean in them.
    """
    centres = np.arange(7, dtype=np.float32) * 2 + 2
    cx, cy = np.meshgrid(centres, centres)
    places = np.stack([cx, cy, np.full_like(cx, 4), np.full_like(cx, 4)]).reshape(1, 4, 49)
    return network(
        helper.make_node(
            "AveragePool", ["picture"], ["means"], kernel_shape=[4, 4], strides=[2, 2]
        ),
        helper.make_node("Reshape", ["means", "row"], ["scores"]),
        helper.make_node("Concat", ["places", "scores"], ["rows"], axis=1),
        given=("picture", [1, 1, 16, 16]),
        wanted=("rows", [1, 5, 49]),
        constants={"row": np.array([1, 1, 49]), "places": places},
    )


def mask() -> ModelProto:
    """Return a network that scores each pixel: 0.5 for background, its red, its green."""
    weight = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], dtype=np.float32).reshape(3, 3, 1, 1)
    return network(
        helper.make_node("Conv", ["picture", "weight", "bias"], ["scores"]),
        given=("picture", [1, 3, 16, 16]),
        wanted=("scores", [1, 3, 16, 16]),
        constants={"weight": weight, "bias": np.array([0.5, 0, 0], dtype=np.float32)},
    )


def network(
    *nodes: Any,
    given: tuple[str, list[int]],
    wanted: tuple[str, list[int]],
    constants: dict[str, Any],
) -> ModelProto:
    """Return a network of one input and one output, both of float32."""
    float32 = helper.np_dtype_to_tensor_dtype(np.dtype("float32"))
    graph = helper.make_graph(
        list(nodes),
        "network",
        [helper.make_tensor_value_info(given[0], float32, given[1])],
        [helper.make_tensor_value_info(wanted[0], float32, wanted[1])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    # Versions that old releases of ONNX Runtime read too.
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7)


if __name__ == "__main__":
    main()
