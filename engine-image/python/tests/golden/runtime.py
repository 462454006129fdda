"""Single operators of ONNX Runtime, as a reference."""

from __future__ import annotations

from typing import Any

import onnxruntime  # type: ignore[import-untyped]
from onnx import helper

from modelhub.arrays import Array


def run(operator: str, inputs: list[Array], **attributes: Any) -> Array:
    """Return what an operator of ONNX Runtime gives."""
    return run_all(operator, inputs, 1, **attributes)[0]


def run_all(operator: str, inputs: list[Array], count: int, **attributes: Any) -> list[Array]:
    """Return all that an operator of ONNX Runtime gives."""
    names = [f"input{index}" for index in range(len(inputs))]
    results = [f"output{index}" for index in range(count)]
    node = helper.make_node(operator, names, results, **attributes)
    graph = helper.make_graph(
        [node],
        "one",
        [
            helper.make_tensor_value_info(
                name, helper.np_dtype_to_tensor_dtype(array.dtype), array.shape
            )
            for name, array in zip(names, inputs)
        ],
        [helper.make_empty_tensor_value_info(name) for name in results],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    found: list[Array] = session.run(None, dict(zip(names, inputs)))
    return found
