"""Operations that choose and order elements; their values stay, but for grey out of colours."""

from __future__ import annotations

import numpy as np

from ..arrays import Array
from ..axes import by
from .step import (
    Axes,
    Misfit,
    Step,
    as_float,
    axis_of,
    known_size,
    names,
    place,
    pure,
    require_size,
    require_unique,
    resized,
)


def grayscale(given: Axes) -> Step:
    """One channel out of RGB."""
    index = require_size(given, "channel", 3)
    luma = np.array([0.299, 0.587, 0.114], dtype=np.float32)

    def run(array: Array) -> Array:
        if array.shape[index] != 3:
            raise Misfit(f"has {array.shape[index]} channels; grayscale takes 3")
        return np.expand_dims(np.moveaxis(as_float(array), index, -1) @ luma, index)

    return pure(resized(given, {"channel": 1}), run)


def select(given: Axes, *, indices: list[int], axis: str = "channel") -> Step:
    """Take elements along an axis."""
    index = place(given, axis)
    require_elements(indices, axis, known_size(given[index]))

    def run(array: Array) -> Array:
        require_elements(indices, axis, array.shape[index])
        return np.take(array, indices, index)

    return pure(resized(given, {axis: len(indices)}), run)


def require_elements(indices: list[int], axis: str, size: int | None) -> None:
    """Raise Misfit for places that an axis of this size doesn't have."""
    if min(indices) < 0:
        raise Misfit(f"names the place {min(indices)}; places are counted from 0")
    if size is not None and max(indices) >= size:
        raise Misfit(f"has {size} elements along {axis}; select names the place {max(indices)}")


def transpose(given: Axes, *, axes: list[str]) -> Step:
    """Bring the axes into an order, adding and leaving out axes of size 1."""
    require_unique(axes)
    had = [axis.name for axis in given]
    kept = [place for place, name in enumerate(had) if name in axes]
    gone = [axis for axis in given if axis.name not in axes]
    added = tuple(place for place, name in enumerate(axes) if name not in had)
    order = [[had[place] for place in kept].index(name) for name in axes if name in had]
    for axis in gone:
        require_single(axis.name, known_size(axis))

    def run(array: Array) -> Array:
        for axis in gone:
            require_single(axis.name, array.shape[place(given, axis.name)])
        without = array.reshape([array.shape[place] for place in kept])
        return np.ascontiguousarray(np.expand_dims(without.transpose(order), added))

    after = tuple(axis_of(name, given) for name in axes)
    return pure(resized(after, {axes[place]: 1 for place in added}), run)


def require_single(axis: str, size: int | None) -> None:
    """Raise Misfit for an axis that can't be left out."""
    if size not in (None, 1):
        raise Misfit(f"has {size} elements along {axis}, an axis that transpose leaves out")


def name_axes(given: Axes, *, axes: list[str]) -> Step:
    """Say what the axes of the network's array are."""
    require_unique(axes)
    # The output's own axes tell types; their sizes are those that postprocessing ends with.
    after = tuple(axis_of(name, given)._replace(size=None) for name in axes)

    def run(array: Array) -> Array:
        if array.ndim != len(axes):
            raise Misfit(f"is {by(array.shape)}; name_axes says {names(after)}")
        return array

    return pure(after, run)
