"""Which axes of an array run through space."""

from __future__ import annotations

from typing import NamedTuple, Sequence

from .axes import Axis

#: Names of axes in the configs of many fields; the page's viewers know the same.
MEANT = {
    "x": ("x", "width", "w", "column", "columns"),
    "y": ("y", "height", "h", "row", "rows"),
    "z": ("z", "depth", "d", "slice", "slices"),
}


class Layout(NamedTuple):
    """Places of the axes x, y and z (None: one plane), and of the others longer than 1."""

    x: int
    y: int
    z: int | None
    others: tuple[int, ...]


def layout(axes: Sequence[Axis] | None, shape: Sequence[int]) -> Layout | None:
    """Find x, y and z by their names; without names the last axes are y, x, or z, y, x of three.

    Returns None for an array of less than two axes.
    """
    if len(shape) < 2:
        return None
    names = [axis.name.lower() for axis in axes or ()]
    named = {
        meaning: place
        for meaning, words in MEANT.items()
        for place, name in enumerate(names)
        if name in words
    }
    long = [place for place, size in enumerate(shape) if size != 1]
    if "x" in named and "y" in named:
        x, y, z = named["x"], named["y"], named.get("z")
    else:
        last = long if len(long) >= 2 else list(range(len(shape)))
        x, y, z = last[-1], last[-2], long[0] if len(long) == 3 else None
    if z is not None and shape[z] == 1:
        z = None
    return Layout(x, y, z, tuple(place for place in long if place not in (x, y, z)))
