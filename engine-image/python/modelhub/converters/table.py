"""Tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array
from ..config import Input
from ..errors import ConfigError, InputUndecodable
from .converter import Converter, cast


class TableConverter(Converter):
    """Rows as dicts, to an array of numbers [row, column], with the config's columns in order.

    Raises ConfigError for axes that no table has.
    """

    def __init__(self, input: Input) -> None:
        super().__init__(input)
        if len(input.axes) != 2:
            raise ConfigError(f"Input '{input.id}': a table has two axes, rows and columns.")

    def accepts(self, native: Any) -> bool:
        """Whether it is a list of dicts."""
        return isinstance(native, list) and all(isinstance(row, dict) for row in native)

    def convert(self, native: Any) -> Array:
        """Return the table as an array."""
        columns = self.input.columns or tuple(native[0] if native else ())
        cells = [
            [number(row.get(name), name, place) for name in columns]
            for place, row in enumerate(native, 1)
        ]
        return cast(np.array(cells, np.float64).reshape(len(native), len(columns)), self.input)


def number(cell: Any, column: str, row: int) -> float:
    """Return the cell as a number. Raises InputUndecodable; what the cell holds stays untold."""
    try:
        value = float(cell if may_be_number(cell) else "nan")
    except (ValueError, OverflowError):
        value = float("nan")
    if not np.isfinite(value):
        raise InputUndecodable(f"has no finite number in row {row:,}, column {column}.")
    return value


def may_be_number(cell: Any) -> bool:
    """Whether float() may have a cell: to it, 12_3 is a number, and so are digits of any script."""
    if isinstance(cell, str):
        return cell.isascii() and "_" not in cell
    return isinstance(cell, (int, float))
