"""Operations that bring an array to another grid: to a size, to its middle, to the input's own."""

from __future__ import annotations

import math
from typing import Mapping

import numpy as np

from ..arrays import Array
from .placement import Move, Placements
from .sampling import resample
from .step import (
    Axes,
    Misfit,
    Step,
    as_float,
    extents,
    input_of,
    known_size,
    names,
    place,
    require_one,
    resized,
    sizes_of,
)


def resize(
    given: Axes, *, shape: dict[str, int], fit: str = "stretch", interpolation: str = "linear"
) -> Step:
    """Bring axes to a size."""

    def moves(sizes: dict[str, int]) -> dict[str, Move]:
        new = fitted(sizes, shape, fit)
        return {name: Move(new[name] / sizes[name], 0.0, new[name]) for name in new}

    def run(array: Array, _: Placements) -> Array:
        for name, move in moves(sizes_of(array, given)).items():
            index = place(given, name)
            had = array.shape[index]
            if move.size != had:
                array = resample(array, index, move.size, had / move.size, 0.0, interpolation)
        return array if interpolation == "nearest" else as_float(array)

    after = {name: size if fit == "stretch" else None for name, size in shape.items()}
    return Step(resized(given, after), run, moves)


def fitted(sizes: Mapping[str, int], shape: dict[str, int], fit: str) -> dict[str, int]:
    """Return the sizes that axes get: the shape's own, or all by one factor."""
    if fit == "stretch":
        return shape
    choose = max if fit == "cover" else min
    leading = choose(shape, key=lambda name: shape[name] / sizes[name])
    wanted, had = shape[leading], sizes[leading]
    # In whole numbers, so that halves are rounded up everywhere.
    return {name: max(1, (2 * sizes[name] * wanted + had) // (2 * had)) for name in shape}


def center_crop(
    given: Axes, *, shape: dict[str, int] | None = None, fraction: float | None = None
) -> Step:
    """Cut out the middle."""
    require_one(shape=shape, fraction=fraction)
    chosen = list(shape) if shape else extents(given)
    if shape:
        require_room(shape, {axis.name: known_size(axis) for axis in given})

    def moves(sizes: dict[str, int]) -> dict[str, Move]:
        new = shape or dict.fromkeys(chosen, share(fraction or 1, [sizes[n] for n in chosen]))
        require_room(new, sizes)
        return {name: Move(1.0, -float((sizes[name] - new[name]) // 2), new[name]) for name in new}

    def run(array: Array, _: Placements) -> Array:
        for name, move in moves(sizes_of(array, given)).items():
            first = int(-move.shift)
            array = array[(slice(None),) * place(given, name) + (slice(first, first + move.size),)]
        return np.ascontiguousarray(array)

    after: Mapping[str, int | None] = shape or dict.fromkeys(chosen)
    return Step(resized(given, after), run, moves)


def share(fraction: float, sizes: list[int]) -> int:
    """Return a share of the least size, rounded down, but at least 1."""
    # 0.57 * 100 is a little less than 57.
    return max(1, math.floor(fraction * min(sizes) + 1e-6))


def require_room(shape: Mapping[str, int], sizes: Mapping[str, int | None]) -> None:
    """Raise Misfit for an axis that is smaller than what is to be cut out."""
    for name, size in shape.items():
        had = sizes.get(name)
        if had is not None and had < size:
            raise Misfit(f"has {had} elements along {name}; center_crop takes at least {size}")


def pad(
    given: Axes,
    *,
    shape: dict[str, int] | None = None,
    multiple_of: int | None = None,
    mode: str = "constant",
    value: float = 0,
    align: str = "start",
) -> Step:
    """Add at the ends of axes until they have a size."""
    require_one(shape=shape, multiple_of=multiple_of)
    chosen = list(shape) if shape else extents(given)

    def moves(sizes: dict[str, int]) -> dict[str, Move]:
        return {name: move(sizes[name], new_size(name, sizes[name])) for name in chosen}

    def new_size(name: str, size: int) -> int:
        if multiple_of:
            return -(-size // multiple_of) * multiple_of
        return max(size, shape[name] if shape else 0)

    def move(size: int, new: int) -> Move:
        return Move(1.0, float((new - size) // 2) if align == "center" else 0.0, new)

    def run(array: Array, _: Placements) -> Array:
        widths = [(0, 0)] * len(given)
        for name, (_scale, shift, size) in moves(sizes_of(array, given)).items():
            index = place(given, name)
            widths[index] = (int(shift), size - array.shape[index] - int(shift))
        if mode == "edge":
            return np.pad(array, widths, mode="edge")
        return np.pad(array, widths, mode="constant", constant_values=array.dtype.type(value))

    return Step(resized(given, dict.fromkeys(chosen)), run, moves)


def restore_to_input(
    given: Axes,
    *,
    inputs: Mapping[str, Axes],
    input: str | None = None,
    interpolation: str | None = None,
) -> Step:
    """Bring axes back to the grid that the input had."""
    id = input_of(inputs, input)
    own = extents(inputs[id])
    shared = [axis.name for axis in given if axis.name in own]
    if not shared:
        raise Misfit(f"needs an axis of input '{id}' ({', '.join(own)}); got {names(given)}")

    def run(array: Array, placements: Placements) -> Array:
        how = interpolation or ("linear" if array.dtype.kind == "f" else "nearest")
        for name in shared:
            before, (scale, shift, size) = placements[id][name]
            index = place(given, name)
            # The array may be coarser or finer than the network's input.
            ratio = array.shape[index] / size
            array = resample(array, index, before, scale * ratio, shift * ratio, how)
        return array if how == "nearest" else as_float(array)

    return Step(resized(given, dict.fromkeys(shared)), run)
