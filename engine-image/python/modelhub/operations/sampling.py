"""One axis of an array on another grid."""

from __future__ import annotations

import numpy as np

from ..arrays import Array

#: How many new elements are made by one product of matrices. The matrix of all would be mostly 0.
BLOCK = 16

#: A centre that rounding puts this little before an element is that element's.
SLACK = 1e-9


def resample(
    array: Array, axis: int, size: int, step: float, start: float, interpolation: str
) -> Array:
    """Return the array with `size` elements along an axis.

    The centre of new element i is at (i + 0.5) * step + start; old element j reaches from j to
    j + 1. Elements whose centre lies outside the old ones are 0. `nearest` takes the old element
    there; `linear` weighs by a triangle as wide as an old or a new element, whichever is wider,
    and gives float32.
    """
    centres: Array = (np.arange(size) + 0.5) * step + start
    count = array.shape[axis]
    new: Array
    if interpolation == "nearest":
        nearest = np.floor(centres + SLACK).astype(np.int64).clip(0, count - 1)
        new = np.take(array, nearest, axis)
    else:
        new = weighted(array, axis, centres, max(step, 1.0))
    outside = (centres < -SLACK) | (centres > count + SLACK)
    if outside.any():
        np.moveaxis(new, axis, 0)[outside] = 0
    return new


def weighted(array: Array, axis: int, centres: Array, reach: float) -> Array:
    """Return the sums of elements about each centre, weighed by a triangle of this half width."""
    moved = np.moveaxis(array, axis, 0)
    rows = moved.reshape(len(moved), -1)
    sums = np.empty((len(centres), rows.shape[1]), dtype=np.float32)
    for first in range(0, len(centres), BLOCK):
        block = centres[first : first + BLOCK]
        low = min(max(int(block[0] - reach), 0), len(rows) - 1)
        high = min(max(int(block[-1] + reach) + 1, low + 1), len(rows))
        weights = triangle(block, np.arange(low, high) + 0.5, reach)
        part = np.ascontiguousarray(rows[low:high], dtype=np.float32)
        np.matmul(weights, part, out=sums[first : first + BLOCK])
    return np.moveaxis(sums.reshape(len(centres), *moved.shape[1:]), 0, axis)


def triangle(centres: Array, elements: Array, reach: float) -> Array:
    """Return the weight of each element for each centre; those of a centre sum to 1."""
    weights: Array = np.maximum(1 - np.abs(elements - centres[:, np.newaxis]) / reach, 0)
    sums = weights.sum(axis=1, keepdims=True)
    # A centre outside has no element near; what comes of it is overwritten.
    return np.asarray(weights / np.where(sums > 0, sums, 1), dtype=np.float32)
