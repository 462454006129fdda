"""A link of the chain of converters, and what its links share."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array, is_finite
from ..axes import Axis
from ..config import Input
from ..errors import InputOutsideLimits, InputUndecodable
from ..geometry import Geometry


class Converter:
    """Turns some native objects into arrays for one input.

    A model that makes native objects of its own kind has a list `converters` of classes derived
    from this one.
    """

    def __init__(self, input: Input) -> None:
        self.input = input

    def accepts(self, native: Any) -> bool:
        """Whether this converter takes the object."""
        raise NotImplementedError

    def convert(self, native: Any) -> Array:
        """Return a new, writable, C-ordered array of the input's dtype, axes in its order.

        Raises InputError; its sentence begins with the verb.
        """
        raise NotImplementedError

    def geometry(self, native: Any) -> Geometry | None:
        """Return where the object lies in space; None where it lies nowhere."""
        return None


def cast(array: Array, input: Input) -> Array:
    """Return a new array, C-ordered, in the input's dtype.

    Raises InputUndecodable for NaN and infinity, InputOutsideLimits for values that the dtype
    can't hold, or that are out of the input's range.
    """
    if input.dtype.kind in "iu" and array.size and not np.can_cast(array.dtype, input.dtype):
        check_finite(array)
        check_integers(array, input.dtype)
    if array.dtype == input.dtype:
        result = np.array(array, order="C")
    else:
        with np.errstate(over="ignore"):
            result = np.array(array, dtype=input.dtype, order="C")
    check_finite(result)
    check_range(result, input)
    return result


def check_finite(array: Array) -> None:
    """Raise InputUndecodable for NaN and infinity."""
    if not is_finite(array):
        raise InputUndecodable("holds NaN or infinity.")


def check_integers(array: Array, dtype: np.dtype[Any]) -> None:
    """Raise InputOutsideLimits unless all values are integers that the dtype holds."""
    limits = np.iinfo(dtype)
    whole = array.dtype.kind != "f" or not np.mod(array, 1).any()
    if not whole or array.min() < limits.min or array.max() > limits.max:
        raise InputOutsideLimits(
            f"holds {'values' if whole else 'fractions'} from {array.min():g} to {array.max():g}; "
            f"the model takes integers from {limits.min} to {limits.max}."
        )


def check_range(array: Array, input: Input) -> None:
    """Raise InputOutsideLimits for values out of the input's range."""
    if input.range is None or array.size == 0:
        return
    least, most = input.range
    if array.min() < least or array.max() > most:
        raise InputOutsideLimits(
            f"holds values from {array.min():g} to {array.max():g}; "
            f"the model takes {least:g} to {most:g}."
        )


def is_single_batch(axis: Axis) -> bool:
    """Whether the axis is a batch that one input fills."""
    return axis.type == "batch" and (axis.size is None or axis.size.allows(1))


def batch_places(input: Input) -> tuple[int, ...]:
    """Return at which places of the input's axes there is a batch."""
    return tuple(i for i, axis in enumerate(input.axes) if axis.type == "batch")
