"""Writes weights/faces.onnx: MediaPipe's short-range face detector, with boxes for its anchors.

Run with `pip install tensorflow-cpu==2.21.0 tf2onnx==1.17.0`, and with the path of the file
mediapipe/modules/face_detection/face_detection_short_range.tflite of the wheel mediapipe 0.10.14.
"""

import hashlib
import sys
from pathlib import Path

import numpy as np
import onnx
import tf2onnx
from onnx import TensorProto, helper, numpy_helper

FILE = Path("weights/faces.onnx")
SIDE = 128

#: Cells along a side of each grid, and boxes in a cell; the network gives numbers in this order.
GRIDS = ((16, 2), (8, 6))


def anchors() -> np.ndarray:
    """Return the centre of each box as x, y, 0, 0 in shares of the side, shape [1, 896, 4]."""
    found = []
    for cells, boxes in GRIDS:
        y, x = np.mgrid[:cells, :cells].reshape(2, -1) + 0.5
        centres = np.stack([x, y, 0 * x, 0 * y], axis=1) / cells
        found.append(np.repeat(centres, boxes, axis=0))
    return np.concatenate(found).astype(np.float32)[np.newaxis]


model, _ = tf2onnx.convert.from_tflite(sys.argv[1], opset=17)
graph = model.graph
[raw] = [one.name for one in graph.output if one.type.tensor_type.shape.dim[-1].dim_value == 16]
[logits] = [one.name for one in graph.output if one.type.tensor_type.shape.dim[-1].dim_value == 1]
constants = {
    "start": np.array([0]),
    "end": np.array([4]),
    "last": np.array([2]),
    "side": np.array(SIDE, np.float32),
    "anchors": anchors(),
}
graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())
graph.node.extend(
    [
        helper.make_node("Slice", [raw, "start", "end", "last"], ["numbers"]),
        helper.make_node("Div", ["numbers", "side"], ["shares"]),
        helper.make_node("Add", ["shares", "anchors"], ["boxes"]),
        helper.make_node("Sigmoid", [logits], ["scores"]),
    ]
)
del graph.output[:]
graph.output.extend(
    helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, 896, size])
    for name, size in (("boxes", 4), ("scores", 1))
)
onnx.checker.check_model(model)
FILE.write_bytes(model.SerializeToString())
content = FILE.read_bytes()
print(f"{FILE}: {len(content)} bytes, {hashlib.sha256(content).hexdigest()}")
