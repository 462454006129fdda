"""Trains the model on scikit-learn's digits and writes it as ONNX: the same bytes each time.

Run with `pip install -r runtime/requirements.txt scikit-learn==1.9.1`.
"""

import hashlib
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

FILE = Path("weights/digits.onnx")

pixels, digits = load_digits(return_X_y=True)  # (1797, 64) from 0 to 16, (1797,)
train, test = slice(None, 1437), slice(1437, None)
fit = LogisticRegression(C=0.01, solver="newton-cholesky", tol=1e-10)
fit.fit(pixels[train], digits[train])
print(f"{fit.score(pixels[test], digits[test]):.1%} of the last 360 images are right")

# Rounded, so that the last bits, which differ between machines, don't count.
weight = np.round(fit.coef_, 3).astype(np.float32)  # (10, 64)
bias = np.round(fit.intercept_, 3).astype(np.float32)  # (10,)
graph = helper.make_graph(
    [
        helper.make_node("Gemm", ["ink", "weight", "bias"], ["scores"], transB=1),
        helper.make_node("Softmax", ["scores"], ["probabilities"]),
    ],
    "digits",
    [helper.make_tensor_value_info("ink", TensorProto.FLOAT, [1, 64])],
    [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, 10])],
    [numpy_helper.from_array(weight, "weight"), numpy_helper.from_array(bias, "bias")],
)
opsets = [helper.make_opsetid("", 17)]
model = helper.make_model(graph, opset_imports=opsets, ir_version=8)
onnx.checker.check_model(model)
FILE.write_bytes(model.SerializeToString())
content = FILE.read_bytes()
print(f"{FILE}: {len(content)} bytes, {hashlib.sha256(content).hexdigest()}")
