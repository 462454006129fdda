"""Writes the golden vectors of engine-image/operations/golden, one file for each operation.

    python -m tests.golden && biome format --write ../operations/golden

What is expected comes from others' code, never from ours: Pillow resizes, ONNX Runtime runs its own
operators, Python's statistics has mean, deviation and quantiles; the rest is written out by hand.
"""

from __future__ import annotations

import json
from pathlib import Path

import onnxruntime  # type: ignore[import-untyped]
import PIL

from . import lists, shapes, values
from .cases import Case

GOLDEN = Path(__file__).resolve().parents[3] / "operations" / "golden"


def main() -> None:
    """Write all files."""
    for name, (reference, cases) in files().items():
        text = json.dumps({"reference": reference, "cases": cases}, ensure_ascii=False, indent=2)
        (GOLDEN / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def files() -> dict[str, tuple[str, list[Case]]]:
    """Return reference and cases of each operation."""
    pillow = f"Pillow {PIL.__version__}, mode F"
    onnx = f"ONNX Runtime {onnxruntime.__version__}"
    hand = "by hand"
    python = "Python's statistics"
    return {
        "ensure_dtype": (hand, values.ensure_dtype()),
        "resize": (pillow, shapes.resize()),
        "center_crop": (hand, shapes.center_crop()),
        "pad": (f"{onnx}: Pad", shapes.pad()),
        "grayscale": (
            f"Pillow {PIL.__version__}, mode L; by hand",
            shapes.grayscale(),
        ),
        "select": (f"{onnx}: Gather", shapes.select()),
        "transpose": (f"{onnx}: Transpose", shapes.transpose()),
        "scale_linear": (hand, values.scale_linear()),
        "fixed_zero_mean_unit_variance": (hand, values.fixed_zero_mean_unit_variance()),
        "zero_mean_unit_variance": (python, values.zero_mean_unit_variance()),
        "scale_range": (f"{python}: quantiles, inclusive", values.scale_range()),
        "clip": (f"{onnx}: Clip", values.clip()),
        "sigmoid": (f"{onnx}: Sigmoid", values.sigmoid()),
        "softmax": (f"{onnx}: Softmax", values.softmax()),
        "argmax": (f"{onnx}: ArgMax", values.argmax()),
        "binarize": (f"{onnx}: Greater", values.binarize()),
        "name_axes": (hand, shapes.name_axes()),
        "restore_to_input": (f"{pillow}; by hand", shapes.restore_to_input()),
        "top_k": (f"{onnx}: TopK", lists.top_k()),
        "labels": (hand, lists.labels()),
        "non_max_suppression": (f"{onnx}: NonMaxSuppression; by hand", lists.non_max_suppression()),
        "keypoints": (hand, lists.keypoints()),
    }


if __name__ == "__main__":
    main()
