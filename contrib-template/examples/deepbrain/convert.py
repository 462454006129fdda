"""Writes weights/brain.onnx: the network in deepbrain's graph.pb, without what trained it.

Run with `pip install tensorflow-cpu==2.21.0 tf2onnx==1.17.0`, and with the path of the file
deepbrain/models/graph.pb of the wheel deepbrain 0.1.
"""

import hashlib
import sys
from pathlib import Path

import tensorflow as tf
import tf2onnx

FILE = Path("weights/brain.onnx")
SHAPE = [1, 128, 128, 128, 1]

graph = tf.compat.v1.GraphDef()
graph.ParseFromString(Path(sys.argv[1]).read_bytes())
for node in graph.node:
    # The volume came out of a data set, and dropout asked whether it is training.
    if node.name == "img":
        node.op = "Placeholder"
        node.attr["shape"].CopyFrom(tf.compat.v1.AttrValue(shape=tf.TensorShape(SHAPE).as_proto()))
        del node.input[:]
    elif node.name == "training":
        node.op = "Const"
        del node.attr["shape"]
        node.attr["value"].CopyFrom(tf.compat.v1.AttrValue(tensor=tf.make_tensor_proto(False)))
        del node.input[:]
network = tf.compat.v1.graph_util.extract_sub_graph(graph, ["prob"])
model, _ = tf2onnx.convert.from_graph_def(
    network, name="brain", input_names=["img:0"], output_names=["prob:0"], opset=15
)
FILE.write_bytes(model.SerializeToString())
content = FILE.read_bytes()
print(f"{FILE}: {len(content)} bytes, {hashlib.sha256(content).hexdigest()}")
