"""Golden vectors of operations that change values."""

from __future__ import annotations

import statistics
from typing import Any

import numpy as np

from modelhub.arrays import Array

from .cases import FLOATS, RGB, Y_X, Y_X_C, Case, case, f32, failing, refused
from .runtime import run


def ensure_dtype() -> list[Case]:
    """Halves to even, ends of the types, truth."""
    halves = f32([-1.5, -0.5, 0.5, 1.5, 2.5, 254.5, 255.5, 1e9, -1e9])
    wide = np.array([-40000, -1, 0, 255, 256, 70000], dtype=np.int32)
    small = np.array([0, 1, 255], dtype=np.uint8)
    index = ["index"]
    return [
        case("rounds half to even and clips", halves, index, {"dtype": "uint8"},
             np.array([0, 0, 0, 2, 2, 254, 255, 255, 0], dtype=np.uint8)),
        case("keeps the sign", halves, index, {"dtype": "int16"},
             np.array([-2, 0, 0, 2, 2, 254, 256, 32767, -32768], dtype=np.int16)),
        case("clips integers", wide, index, {"dtype": "int16"},
             np.array([-32768, -1, 0, 255, 256, 32767], dtype=np.int16)),
        case("clips integers below 0", wide, index, {"dtype": "uint8"},
             np.array([0, 0, 0, 255, 255, 255], dtype=np.uint8)),
        case("widens", small, index, {"dtype": "float32"}, f32([0, 1, 255])),
        case("has integers of 64 bits", small, index, {"dtype": "int64"},
             np.array([0, 1, 255], dtype=np.int64)),
        case("says what differs from 0", f32([0, -0.0, 0.25, -3]), index, {"dtype": "bool"},
             np.array([False, False, True, True])),
        case("keeps the shape", np.ones((2, 1, 3), np.uint8), Y_X_C, {"dtype": "int8"},
             np.ones((2, 1, 3), np.int8)),
        refused("knows no such type", small, index, {"dtype": "complex64"}),
        refused("wants a type", small, index, {}),
    ]  # fmt: skip


def scale_linear() -> list[Case]:
    """Each element on its own, in Python's floats."""

    def one(title: str, array: Array, kwargs: Case, gain: list[float], offset: list[float]) -> Case:
        values = array.reshape(-1, 3).tolist()
        rows = [[g * v + o for g, v, o in zip(gain, row, offset)] for row in values]
        return case(title, array, Y_X_C, kwargs, f32(rows).reshape(array.shape), rtol=1e-6,
                    atol=1e-5)  # fmt: skip

    gains, offsets = [0.5, 1.0, 2.0], [-1.0, 0.0, 0.25]
    return [
        one("takes one number", RGB, {"gain": 1 / 127.5, "offset": -1}, [1 / 127.5] * 3, [-1] * 3),
        one("adds alone", RGB, {"offset": 0.5}, [1] * 3, [0.5] * 3),
        one("takes a list along an axis", RGB,
            {"gain": gains, "offset": offsets, "axis": "channel"}, gains, offsets),
        one("takes a list and a number", RGB, {"gain": gains, "offset": 3, "axis": "channel"},
            gains, [3] * 3),
        failing("wants a number for each element", RGB, Y_X_C,
                {"gain": [1, 2], "axis": "channel"}),
        refused("wants to know the axis of a list", RGB, Y_X_C, {"gain": [1, 2, 3]}),
        refused("knows its axes", RGB, Y_X, {"gain": [1, 2, 3], "axis": "channel"}),
    ]  # fmt: skip


def fixed_zero_mean_unit_variance() -> list[Case]:
    """Each element on its own, in Python's floats."""
    means, stds = [123.675, 116.28, 103.53], [58.395, 57.12, 57.375]
    rows = RGB.reshape(-1, 3).tolist()
    each = [[(v - m) / s for v, m, s in zip(row, means, stds)] for row in rows]
    whole = [[(v - 103.5) / 13.7 for v in row] for row in rows]
    close: Case = {"rtol": 1e-5, "atol": 1e-6}
    return [
        case("takes ImageNet's numbers", RGB, Y_X_C,
             {"mean": means, "std": stds, "axis": "channel"}, f32(each).reshape(5, 7, 3), **close),
        case("takes one number", RGB, Y_X_C, {"mean": 103.5, "std": 13.7},
             f32(whole).reshape(5, 7, 3), **close),
        refused("doesn't divide by 0", RGB, Y_X_C, {"mean": 0, "std": 0}),
        refused("wants both", RGB, Y_X_C, {"mean": 0}),
        refused("wants to know the axis of a list", RGB, Y_X_C, {"mean": means, "std": stds}),
    ]  # fmt: skip


def zero_mean_unit_variance() -> list[Case]:
    """Python's statistics over each group of elements."""

    def normal(values: list[float], eps: float = 1e-6) -> list[float]:
        mean, std = statistics.fmean(values), statistics.pstdev(values)
        return [(value - mean) / (std + eps) for value in values]

    def whole(array: Array, eps: float = 1e-6) -> Array:
        return f32(normal(array.astype(float).ravel().tolist(), eps)).reshape(array.shape)

    each = np.stack([whole(RGB[..., channel]) for channel in range(3)], axis=2)
    samples = np.stack([whole(sample) for sample in FLOATS])
    far = np.full((3, 4), 30000, np.int16)
    far[0, 0] = 30001
    close: Case = {"rtol": 1e-4, "atol": 1e-5}
    return [
        case("takes all axes", RGB, Y_X_C, {}, whole(RGB), **close),
        case("takes each channel by itself", RGB, Y_X_C, {"axes": ["y", "x"]}, each, **close),
        case("takes each sample of a batch by itself", FLOATS, ["batch", "y", "x"], {}, samples,
             **close),
        case("makes 0 of what is all the same", np.full((2, 3), 7.5, np.float32), Y_X, {},
             np.zeros((2, 3), np.float32)),
        case("sees a small difference of large integers", far, Y_X, {}, whole(far), **close),
        case("adds eps", RGB, Y_X_C, {"eps": 0.1}, whole(RGB, 0.1), **close),
        refused("knows its axes", RGB, Y_X_C, {"axes": ["z"]}),
    ]  # fmt: skip


def scale_range() -> list[Case]:
    """Python's inclusive quantiles, which interpolate linearly."""

    def scaled(array: Array, low: int = 0, high: int = 100, eps: float = 1e-6) -> Array:
        values = array.astype(float).ravel().tolist()
        cuts = [min(values), *statistics.quantiles(values, n=100, method="inclusive"), max(values)]
        ends = [(value - cuts[low]) / (cuts[high] - cuts[low] + eps) for value in values]
        return f32(ends).reshape(array.shape)

    each = np.stack([scaled(RGB[..., channel], 5, 98) for channel in range(3)], axis=2)
    percentiles = {"min_percentile": 5, "max_percentile": 98}
    close: Case = {"rtol": 1e-5, "atol": 1e-5}
    return [
        case("goes from least to most", RGB, Y_X_C, {}, scaled(RGB), **close),
        case("goes from one percentile to the other", RGB, Y_X_C, percentiles, scaled(RGB, 5, 98),
             **close),
        case("takes each channel by itself", RGB, Y_X_C, {**percentiles, "axes": ["y", "x"]}, each,
             **close),
        case("takes floats", FLOATS, Y_X_C, percentiles, scaled(FLOATS, 5, 98), **close),
        case("makes 0 of what is all the same", np.full((2, 3), 9, np.uint8), Y_X, percentiles,
             np.zeros((2, 3), np.float32)),
        case("adds eps", FLOATS, Y_X_C, {"eps": 0.1}, scaled(FLOATS, eps=0.1), **close),
        refused("wants the smaller first", RGB, Y_X_C,
                {"min_percentile": 60, "max_percentile": 40}),
    ]  # fmt: skip


def clip() -> list[Case]:
    """ONNX Runtime's Clip."""

    def clipped(least: float, most: float) -> Array:
        return run("Clip", [FLOATS, np.array(least, np.float32), np.array(most, np.float32)])

    return [
        case("has two ends", FLOATS, Y_X_C, {"min": -1, "max": 2}, clipped(-1, 2)),
        case("has a lower end", FLOATS, Y_X_C, {"min": 0}, clipped(0, 1e9)),
        case("has an upper end", FLOATS, Y_X_C, {"max": 0.5}, clipped(-1e9, 0.5)),
        case("gives floats", RGB, Y_X_C, {"max": 99.5}, np.minimum(RGB, 99.5).astype(np.float32)),
        refused("wants an end", RGB, Y_X_C, {}),
        refused("wants the smaller first", RGB, Y_X_C, {"min": 1, "max": 0}),
    ]


def sigmoid() -> list[Case]:
    """ONNX Runtime's Sigmoid."""
    far = f32([-100, -20, -1, 0, 1, 20, 100])
    close: Case = {"rtol": 1e-5, "atol": 1e-7}
    return [
        case("goes from 0 to 1", FLOATS, Y_X_C, {}, run("Sigmoid", [FLOATS]), **close),
        case("doesn't overflow", far, ["index"], {}, run("Sigmoid", [far]), **close),
    ]


def softmax() -> list[Case]:
    """ONNX Runtime's Softmax."""
    large = f32([[1000, 1001, 999], [-1000, -1000, -1000]])
    close: Case = {"rtol": 1e-5, "atol": 1e-7}
    return [
        case("goes along channel", FLOATS, Y_X_C, {}, run("Softmax", [FLOATS], axis=2), **close),
        case("goes along another axis", FLOATS, Y_X_C, {"axis": "x"},
             run("Softmax", [FLOATS], axis=1), **close),
        case("doesn't overflow", large, ["batch", "channel"], {}, run("Softmax", [large], axis=1),
             **close),
        refused("wants its axis", FLOATS[0], Y_X, {}),
        refused("knows no negative axes", FLOATS, Y_X_C, {"axis": "-1"}),
    ]  # fmt: skip


def argmax() -> list[Case]:
    """ONNX Runtime's ArgMax."""
    ties = f32([[1, 3, 3], [2, 2, 2]])

    def largest(array: Array, axis: int) -> Array:
        return run("ArgMax", [array], axis=axis, keepdims=0).astype(np.int32)

    return [
        case("goes along channel, which goes", FLOATS, Y_X_C, {}, largest(FLOATS, 2), Y_X),
        case("goes along another axis", FLOATS, ["channel", "y", "x"], {"axis": "channel"},
             largest(FLOATS, 0), Y_X),
        case("takes the first of equals", ties, ["y", "channel"], {}, largest(ties, 1), ["y"]),
        refused("wants its axis", FLOATS[0], Y_X, {}),
    ]  # fmt: skip


def binarize() -> list[Case]:
    """ONNX Runtime's Greater."""

    def greater(threshold: Any) -> Array:
        return run("Greater", [FLOATS, f32(threshold)]).astype(np.uint8)

    each = [0.0, 1.0, -1.0, 9.0]
    return [
        case("takes one number", FLOATS, Y_X_C, {"threshold": 0.5}, greater(0.5)),
        case("takes a list along an axis", FLOATS, Y_X_C, {"threshold": each, "axis": "channel"},
             greater(each)),
        case("leaves the threshold itself out", f32([1, 2, 3]), ["index"], {"threshold": 2},
             np.array([0, 0, 1], np.uint8)),
        case("has the threshold in the array's own precision", f32([0.1, 0.2]), ["index"],
             {"threshold": 0.1}, np.array([0, 1], np.uint8)),
        refused("wants a threshold", FLOATS, Y_X_C, {}),
    ]  # fmt: skip
