"""Operations that change values: conversion, normalization, activation."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array
from .step import Axes, Misfit, Step, along, as_float, place, places, pure

# A list along an axis, or one number for all elements.
PerElement = Any

#: Types of elements that a config may name.
INTEGERS = ("uint8", "int8", "uint16", "int16", "int32", "int64")
DTYPES = (*INTEGERS, "float16", "float32", "float64", "bool")


def ensure_dtype(given: Axes, *, dtype: str) -> Step:
    """Convert the elements."""
    if dtype not in DTYPES:
        raise Misfit(f"doesn't know the dtype {dtype}; it knows {', '.join(DTYPES)}")
    wanted = np.dtype(dtype)
    return pure(given, lambda array: converted(array, wanted))


def converted(array: Array, dtype: np.dtype[Any]) -> Array:
    """Return the array in a dtype; integers are rounded half to even and clipped."""
    if array.dtype == dtype or dtype.kind not in "iu" or array.dtype.kind == "b":
        with np.errstate(over="ignore"):
            return array.astype(dtype, copy=False)
    to = np.iinfo(dtype)
    if array.dtype.kind in "iu":
        had = np.iinfo(array.dtype)
        return array.clip(max(to.min, had.min), min(to.max, had.max)).astype(dtype)
    if not np.isfinite(array).all():
        raise Misfit("holds NaN or infinity, which no integer can be")
    # float64 holds the ends of all integers but those of 64 bits; there it takes the next inside.
    most = float(to.max) if dtype.itemsize < 8 else np.nextafter(float(to.max), 0)
    return np.rint(array).astype(np.float64, copy=False).clip(to.min, most).astype(dtype)


def scale_linear(
    given: Axes, *, gain: PerElement = 1, offset: PerElement = 0, axis: str | None = None
) -> Step:
    """Return gain * x + offset."""
    gains, offsets = along(gain, given, axis), along(offset, given, axis)
    return pure(given, lambda array: as_float(array) * gains(array) + offsets(array))


def fixed_zero_mean_unit_variance(
    given: Axes, *, mean: PerElement, std: PerElement, axis: str | None = None
) -> Step:
    """Return (x - mean) / std."""
    means, stds = along(mean, given, axis), along(std, given, axis)
    if not np.all(std):
        raise Misfit("has a std of 0")
    return pure(given, lambda array: (as_float(array) - means(array)) / stds(array))


def zero_mean_unit_variance(
    given: Axes, *, axes: list[str] | None = None, eps: float = 1e-6
) -> Step:
    """Return (x - mean(x)) / (std(x) + eps)."""
    over = places(given, axes)

    def run(array: Array) -> Array:
        # Sums of a volume's many elements need float64.
        mean = array.mean(axis=over, dtype=np.float64, keepdims=True)
        std = array.std(axis=over, dtype=np.float64, keepdims=True)
        return difference(array, mean) / as_float(std + eps)

    return pure(given, run)


def difference(array: Array, number: Array) -> Array:
    """Return x - number in float32, where the number is a float64."""
    # Rounded to float32, the mean of large values is off by more than they may differ.
    rounded = as_float(number)
    return as_float(array) - rounded - as_float(number - rounded)


def scale_range(
    given: Axes,
    *,
    axes: list[str] | None = None,
    min_percentile: float = 0,
    max_percentile: float = 100,
    eps: float = 1e-6,
) -> Step:
    """Return (x - low) / (high - low + eps)."""
    over = places(given, axes)
    if min_percentile >= max_percentile:
        raise Misfit(f"has min_percentile {min_percentile}, not below {max_percentile}")

    def run(array: Array) -> Array:
        low, high = percentiles(array, over, (min_percentile, max_percentile))
        return difference(array, low) / as_float(high - low + eps)

    return pure(given, run)


def percentiles(array: Array, axes: tuple[int, ...], ends: tuple[float, float]) -> Array:
    """Return both percentiles as float64; the axes stay, with size 1."""
    if ends == (0, 100):
        # Least and largest need no sorting.
        pair = [array.min(axis=axes, keepdims=True), array.max(axis=axes, keepdims=True)]
        return np.array(pair, dtype=np.float64)
    return np.percentile(array.astype(np.float64), ends, axis=axes, keepdims=True)


def clip(given: Axes, *, min: float | None = None, max: float | None = None) -> Step:
    """Bring values into a range."""
    if min is None and max is None:
        raise Misfit("needs min or max")
    if min is not None and max is not None and min > max:
        raise Misfit(f"has min {min}, above max {max}")
    return pure(given, lambda array: np.clip(as_float(array), min, max))


def sigmoid(given: Axes) -> Step:
    """Return 1 / (1 + exp(-x))."""

    def run(array: Array) -> Array:
        values = as_float(array)
        # Of a negative number alone, so that nothing overflows.
        small = np.exp(-np.abs(values))
        return as_float(np.where(values < 0, small, 1) / (1 + small))

    return pure(given, run)


def softmax(given: Axes, *, axis: str = "channel") -> Step:
    """Return exp(x) / sum(exp(x)) along an axis."""
    index = place(given, axis)

    def run(array: Array) -> Array:
        values = as_float(array)
        powers = np.exp(values - values.max(axis=index, keepdims=True))
        return as_float(powers / powers.sum(axis=index, dtype=np.float64, keepdims=True))

    return pure(given, run)


def argmax(given: Axes, *, axis: str = "channel") -> Step:
    """Return the place of the largest value along an axis."""
    index = place(given, axis)
    after = given[:index] + given[index + 1 :]
    return pure(after, lambda array: array.argmax(axis=index).astype(np.int32))


def binarize(given: Axes, *, threshold: PerElement, axis: str | None = None) -> Step:
    """Return 1 where x > threshold, else 0."""
    thresholds = along(threshold, given, axis)
    return pure(given, lambda array: (as_float(array) > thresholds(array)).astype(np.uint8))
