"""Outputs as rows of a table: what CSV holds, and HDF5 where an output is no array."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..outputs import Prediction

AXES = ("x", "y", "z")
CORNERS = ("xmin", "ymin", "xmax", "ymax")

#: Whole numbers that int64 holds.
LEAST, MOST = -(2**63), 2**63 - 1


class Rows(NamedTuple):
    """Names of the columns, and rows of texts, numbers and None."""

    columns: list[str]
    rows: list[list[Any]]


def rows_of(output: Prediction) -> Rows | None:
    """Return an output as rows; None for text, custom, and arrays of more than two axes."""
    value = output.value
    if output.type == "label_list":
        return Rows(["label", "probability"], [list(pair) for pair in value])
    if output.type == "bounding_boxes":
        boxes = [[item["label"], item["score"], *item["box"]] for item in value]
        return Rows(["label", "score", *CORNERS], boxes)
    if output.type == "keypoints":
        keys = [key for key in ("instance", "score") if any(key in item for item in value)]
        points = [[item["name"], *map(item.get, keys), *in_space(item["point"])] for item in value]
        return Rows(["name", *keys, *AXES], points)
    if output.type == "contour":
        lines = [
            [place, item.get("label"), *in_space(point)]
            for place, item in enumerate(value)
            for point in item["points"]
        ]
        return Rows(["contour", "label", *AXES], lines)
    if output.type == "table":
        return Rows(value["columns"], value["rows"])
    return numbers(output) if output.type == "vector" else None


def in_space(point: list[float]) -> list[float | None]:
    """Return x, y and z; None for the z of a point in a plane."""
    return [*point, None] if len(point) == 2 else [*point]


def numbers(output: Prediction) -> Rows | None:
    """Return a vector as rows: one row where the config names each number, else one column."""
    array, names = output.value, list(output.output.columns or ())
    if array.ndim == 1:
        if len(names) == len(array):
            return Rows(names, [output.prediction])
        return Rows(["value"], [[number] for number in output.prediction])
    if array.ndim != 2:
        return None
    if len(names) != array.shape[1]:
        names = [str(column) for column in range(array.shape[1])]
    return Rows(names, output.prediction)


def structured(table: Rows) -> Any:
    """Return rows as a structured array: a column of numbers as such, any other as text."""
    columns = [[row[place] for row in table.rows] for place in range(len(table.columns))]
    fields = [as_column(column) for column in columns]
    dtype = [(name, field.dtype) for name, field in zip(table.columns, fields)]
    array = np.empty(len(table.rows), dtype=dtype)
    for name, field in zip(table.columns, fields):
        array[name] = field
    return array


def as_column(cells: list[Any]) -> Any:
    """Return the cells of a column as an array: int64, float64 (None is NaN), or texts."""
    kinds = {type(cell) for cell in cells}
    if kinds <= {int, bool} and kinds and all(LEAST <= cell <= MOST for cell in cells):
        return np.array(cells, dtype=np.int64)
    if kinds <= {int, bool, float, type(None)} and kinds:
        return np.array([np.nan if cell is None else cell for cell in cells], dtype=np.float64)
    return np.array(["" if cell is None else str(cell) for cell in cells], dtype=object)
