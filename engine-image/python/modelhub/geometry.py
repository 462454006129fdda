"""Where an array lies in space, in DICOM's world: millimetres towards left, back and head (LPS)."""

from __future__ import annotations

from typing import NamedTuple, Tuple


class Geometry(NamedTuple):
    """Place and orientation of a grid. Numbers are in the order x, y, z: the fastest axis first.

    `spacing`: distance of neighbours in mm. `origin`: centre of the first element in mm.
    `direction`: cosines of the directions of x, y and z, a square matrix row by row, whose columns
    are the axes.
    """

    spacing: Tuple[float, ...]
    origin: Tuple[float, ...]
    direction: Tuple[float, ...]
