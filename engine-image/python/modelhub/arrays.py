"""The type of an array, in a form that old Pythons can import too; and what is asked of all."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    Array = np.ndarray[Any, np.dtype[Any]]
else:
    Array = np.ndarray


@lru_cache(maxsize=None)
def dtype_name(dtype: np.dtype[Any]) -> str:
    """Return what configs and replies call a dtype; numpy makes the name up each time."""
    name: str = dtype.name
    return name


def is_finite(array: Array) -> bool:
    """Whether no number is NaN or infinite."""
    # To count takes a third of the time of `all()` for few numbers, and no more for many.
    return array.dtype.kind != "f" or np.count_nonzero(np.isfinite(array)) == array.size
