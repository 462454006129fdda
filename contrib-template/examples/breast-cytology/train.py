"""Trains the network on scikit-learn's breast cancer data and writes it as ONNX, with the samples.

Run with `pip install -r runtime/requirements.txt scikit-learn==1.9.1`. The last bits of the weights
depend on the machine.
"""

import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

FILE = Path("weights/cytology.onnx")

data = load_breast_cancer()
malignant = 1 - data.target  # In scikit-learn, 1 is benign.
train, test = train_test_split(
    np.arange(len(malignant)), test_size=0.3, stratify=malignant, random_state=0
)
# Rounded, since modelhub.json names them.
mean = np.array([float(f"{value:.4g}") for value in data.data[train].mean(axis=0)])
std = np.array([float(f"{value:.4g}") for value in data.data[train].std(axis=0)])
fit = MLPClassifier((16,), alpha=1, solver="lbfgs", max_iter=1000, random_state=0)
fit.fit((data.data[train] - mean) / std, malignant[train])

found = fit.predict((data.data[test] - mean) / std)
sick = malignant[test] == 1
print(f"{(found == malignant[test]).mean():.1%} of the {len(test)} cases that are left are right")
print(f"{found[sick].sum()} of {sick.sum()} malignant ones, {(~sick & (found == 1)).sum()} of")
print(f"{(~sick).sum()} benign ones are called malignant")
print(json.dumps({"mean": mean.tolist(), "std": std.tolist()}))

(first, second), (bias, offset) = fit.coefs_, fit.intercepts_
constants = {"first": first, "bias": bias, "second": second[:, 0], "offset": offset}
graph = helper.make_graph(
    [
        helper.make_node("MatMul", ["measures", "first"], ["weighted"]),
        helper.make_node("Add", ["weighted", "bias"], ["summed"]),
        helper.make_node("Relu", ["summed"], ["hidden"]),
        helper.make_node("MatMul", ["hidden", "second"], ["score"]),
        helper.make_node("Add", ["score", "offset"], ["logit"]),
    ],
    "cytology",
    [helper.make_tensor_value_info("measures", TensorProto.FLOAT, ["rows", 30])],
    [helper.make_tensor_value_info("logit", TensorProto.FLOAT, ["rows"])],
    [numpy_helper.from_array(value.astype(np.float32), name) for name, value in constants.items()],
)
opsets = [helper.make_opsetid("", 17)]
model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
onnx.checker.check_model(model)
FILE.write_bytes(model.SerializeToString())
content = FILE.read_bytes()
print(f"{FILE}: {len(content)} bytes, {hashlib.sha256(content).hexdigest()}")

for name, cases in {"one": test[:1], "eight": test[1:9]}.items():
    with Path(f"samples/{name}.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(data.feature_names)
        writer.writerows(data.data[cases].tolist())
    print(name, malignant[cases].tolist())
