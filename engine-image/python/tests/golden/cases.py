"""What a case of a golden vector holds, and arrays to make them from."""

from __future__ import annotations

from typing import Any, Dict

import numpy as np

from modelhub.arrays import Array

Case = Dict[str, Any]

RANDOM = np.random.default_rng(20)
Y_X, Y_X_C = ["y", "x"], ["y", "x", "channel"]
RGB = RANDOM.integers(0, 256, (5, 7, 3)).astype(np.uint8)
FLOATS = RANDOM.normal(0, 3, (2, 3, 4)).astype(np.float32)


def case(
    title: str,
    array: Array,
    axes: list[str],
    kwargs: Case,
    expected: Array,
    after: list[str] | None = None,
    rtol: float = 0,
    atol: float = 0,
) -> Case:
    """Return a case whose answer is an array; `after` are its axes."""
    ends = {"expected": packed(expected), "axesAfter": after or axes, "rtol": rtol, "atol": atol}
    return {"title": title, "input": packed(array), "axes": axes, "kwargs": kwargs, **ends}


def ending(title: str, array: Array, axes: list[str], kwargs: Case, expected: list[Case]) -> Case:
    """Return a case whose answer is a list."""
    given = {"title": title, "input": packed(array), "axes": axes, "kwargs": kwargs}
    return {**given, "expected": expected}


def refused(title: str, array: Array, axes: list[str], kwargs: Case) -> Case:
    """Return a case whose arguments never fit the axes."""
    return {**failing(title, array, axes, kwargs), "fails": "bind"}


def failing(title: str, array: Array, axes: list[str], kwargs: Case) -> Case:
    """Return a case whose array doesn't fit."""
    given = {"title": title, "input": packed(array), "axes": axes, "kwargs": kwargs}
    return {**given, "fails": "run"}


def op(id: str, **kwargs: Any) -> Case:
    """Return an operation as a config has it."""
    return {"id": id, "kwargs": kwargs}


def before(shape: list[int], *operations: Case, axes: list[str] = Y_X_C) -> Case:
    """Return what was done to the input `image`."""
    return {"shape": shape, "axes": axes, "operations": list(operations)}


def box(label: str, score: float, corners: Any) -> Case:
    """Return a box as a reply has it."""
    numbers = [shortest(np.float32(corner)) for corner in corners]
    return {"label": label, "score": shortest(np.float32(score)), "box": numbers}


def packed(array: Array) -> Case:
    """Return an array as JSON: dtype, shape, numbers row by row."""
    numbers = [shortest(number) for number in array.ravel()]
    return {"dtype": array.dtype.name, "shape": list(array.shape), "data": numbers}


def shortest(number: Any) -> Any:
    """Return the number that prints in the fewest digits of its own dtype."""
    return float(str(number)) if isinstance(number, np.floating) else number.item()


def f32(values: Any) -> Array:
    """Return an array of float32."""
    return np.array(values, dtype=np.float32)
