"""Where an array lies in space, in DICOM's world: millimetres towards left, back and head (LPS)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Geometry(NamedTuple):
    """Place and orientation of a grid. Numbers are in the order x, y, z: the fastest axis first.

    `spacing`: distance of neighbours in mm. `origin`: centre of the first element in mm.
    `direction`: cosines of the directions of x, y and z, a square matrix row by row, whose columns
    are the axes.
    """

    spacing: tuple[float, ...]
    origin: tuple[float, ...]
    direction: tuple[float, ...]


def geometry_of(steps: Any, origin: Any) -> Geometry | None:
    """Return the geometry of a grid; None where these numbers make none.

    `steps` is a matrix in LPS mm: its columns lead from an element to the next along x, y and z.
    """
    matrix = np.asarray(steps, np.float64)
    place = np.asarray(origin, np.float64)
    if not (np.isfinite(matrix).all() and np.isfinite(place).all()) or not np.linalg.det(matrix):
        return None
    spacing = np.linalg.norm(matrix, axis=0)
    # Adding zero turns -0.0 into 0.0.
    numbers = (spacing, place + 0.0, (matrix / spacing + 0.0).ravel())
    return Geometry(*(tuple(map(float, part)) for part in numbers))
