"""What every named operation is made of: axes with names, and the step that it becomes."""

from __future__ import annotations

from typing import Any, Callable, Mapping, NamedTuple, Sequence, Tuple

import numpy as np

from ..arrays import Array
from ..axes import Axis, Size, by
from .placement import Move, Placements

Axes = Tuple[Axis, ...]

#: Types of axes by name, for axes that only an operation names.
TYPES = {"batch": "batch", "channel": "channel", "time": "time", "x": "space", "y": "space"}
TYPES["z"] = "space"


class Misfit(Exception):
    """An operation doesn't fit its axes, or an array doesn't fit the operation.

    The sentence begins with the verb; its subject is the input, the output or the operation.
    """


class Step(NamedTuple):
    """An operation that is bound to axes and arguments.

    `axes` are those afterwards; None once a list has taken the array's place. `run` gets the array
    (or list), and where each input's elements have gone. `moves` says where elements go, by axis,
    for the sizes that come in; None where they stay.
    """

    axes: Axes | None
    run: Callable[[Any, Placements], Any]
    moves: Callable[[dict[str, int]], dict[str, Move]] | None = None


def pure(axes: Axes | None, function: Callable[[Any], Any]) -> Step:
    """Return the step of a function that looks at nothing but the array."""
    return Step(axes, lambda array, _: function(array))


def axis_of(name: str, known: Axes = ()) -> Axis:
    """Return an axis of this name: the known one, else one of the type that the name tells."""
    for axis in known:
        if axis.name == name:
            return axis
    return Axis(name, TYPES.get(name, "index"), None)


def names(axes: Axes) -> str:
    """Return the names for a sentence."""
    return ", ".join(axis.name for axis in axes)


def place(axes: Axes, name: str) -> int:
    """Return which axis has the name. Raises Misfit."""
    for index, axis in enumerate(axes):
        if axis.name == name:
            return index
    raise Misfit(f"names the axis {name}; the array has {names(axes)}")


def places(axes: Axes, chosen: Sequence[str] | None) -> tuple[int, ...]:
    """Return which axes have the names; without names, all but batch. Raises Misfit."""
    if chosen is not None:
        return tuple(place(axes, name) for name in chosen)
    return tuple(index for index, axis in enumerate(axes) if axis.type != "batch")


def extents(axes: Axes) -> list[str]:
    """Return the names of all axes but batch and channel. Raises Misfit where there are none."""
    found = [axis.name for axis in axes if axis.type not in ("batch", "channel")]
    if not found:
        raise Misfit(f"needs an axis besides batch and channel; the array has {names(axes)}")
    return found


def resized(axes: Axes, sizes: Mapping[str, int | None]) -> Axes:
    """Return the axes with new sizes; None is any size. Raises Misfit for unknown names."""
    for name in sizes:
        place(axes, name)
    return tuple(
        axis._replace(size=exactly(sizes[axis.name])) if axis.name in sizes else axis
        for axis in axes
    )


def exactly(size: int | None) -> Size | None:
    """Return the size as an axis has it."""
    return None if size is None else Size(size, size, 1)


def known_size(axis: Axis) -> int | None:
    """Return the axis's size, if it has but one."""
    return axis.size.min if axis.size is not None and axis.size.fixed else None


def require_size(axes: Axes, name: str, size: int) -> int:
    """Return which axis has the name. Raises Misfit if its size is known to be another."""
    index = place(axes, name)
    known = known_size(axes[index])
    if known not in (None, size):
        raise Misfit(f"needs {size} along {name}; the array has {known}")
    return index


def along(values: float | list[float], axes: Axes, axis: str | None) -> Callable[[Array], Array]:
    """Return a function that gives the values as an array which broadcasts against its argument.

    Raises Misfit for a list without an axis, and for an axis that has another size.
    """
    if not isinstance(values, list):
        number = np.float32(values)
        return lambda _: np.asarray(number)
    if axis is None:
        raise Misfit("has a list of numbers; `axis` must name the axis that it runs along")
    index = require_size(axes, axis, len(values))
    shape = [1] * len(axes)
    shape[index] = len(values)
    column = np.array(values, dtype=np.float32).reshape(shape)

    def shaped(array: Array) -> Array:
        if array.shape[index] != len(values):
            raise Misfit(f"is {by(array.shape)}; {len(values)} numbers run along {axis}")
        return column

    return shaped


def sizes_of(array: Array, axes: Axes) -> dict[str, int]:
    """Return the size of each axis by its name."""
    return {axis.name: size for axis, size in zip(axes, array.shape)}


def as_float(array: Array) -> Array:
    """Return the array as float32."""
    return array.astype(np.float32, copy=False)


def input_of(inputs: Mapping[str, Axes], id: str | None) -> str:
    """Return the id of the input that is meant. Raises Misfit."""
    if id is None:
        return next(iter(inputs))
    if id not in inputs:
        raise Misfit(f"names the input '{id}'; the config has {', '.join(inputs)}")
    return id


def require_one(**arguments: object) -> None:
    """Raise Misfit unless exactly one of the arguments is given."""
    if sum(value is not None for value in arguments.values()) != 1:
        raise Misfit(f"needs either {' or '.join(arguments)}")


def require_unique(axes: list[str]) -> None:
    """Raise Misfit for a name that comes twice."""
    for name in axes:
        if axes.count(name) > 1:
            raise Misfit(f"names the axis {name} twice")
