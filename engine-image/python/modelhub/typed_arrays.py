"""Outputs that are arrays: vector, mask, heatmap, image; held to the config's dtype and axes."""

from __future__ import annotations

from typing import Any

import numpy as np

from .arrays import Array
from .axes import by, misfit
from .config import Output
from .errors import OutputError
from .layout import layout
from .pictures import picture_axes
from .values import Vector, require_finite

#: Widest dtype of each kind that a config can name.
WIDEST = {"u": np.dtype("int64"), "i": np.dtype("int64"), "f": np.dtype("float64")}

#: Largest value of a mask: as many labels fit its 16 bits.
MOST_LABELS = 65_535


def vector(output: Output, value: Any) -> Array:
    """Return the array of a vector. Raises OutputError where dtype or axes aren't the config's."""
    array = numbers(value)
    require_axes(output, array)
    return in_dtype(output, array)


def heatmap(output: Output, value: Any) -> Array:
    """Return the array of a heatmap, of two axes or more. Raises OutputError as `vector`."""
    array = vector(output, value)
    if layout(output.axes, array.shape) is None:
        raise OutputError(f"model gave an array of {by(array.shape)}; expected two axes or more.")
    return array


def mask(output: Output, value: Any) -> Array:
    """Return the array of a mask: whole numbers from 0 on, in the smallest dtype or the config's.

    Raises OutputError as `heatmap`, and for values that aren't among the config's labels. 0 is
    background and needs no label.
    """
    array = numbers(value)
    if array.dtype.kind == "f":
        if (array != np.rint(array)).any():
            raise OutputError(f"model gave fractions ({array.dtype}); a mask holds whole numbers.")
        array = array.astype(np.int64)
    array = heatmap(output._replace(dtype=None), array)
    least, most = (int(array.min()), int(array.max())) if array.size else (0, 0)
    if least < 0 or most > MOST_LABELS:
        raise OutputError(
            f"model gave values from {least} to {most}; a mask takes 0 to {MOST_LABELS}."
        )
    require_labels(output, array, most)
    if output.dtype is not None:
        return in_dtype(output, array)
    return array if array.dtype == bool else array.astype(np.min_scalar_type(most), copy=False)


def image(output: Output, value: Any) -> Array:
    """Return the array of an image: one plane, grey, RGB or RGBA.

    Its numbers are uint8, uint16, bool, or floats from 0 to 1. Raises OutputError.
    """
    array = vector(output, value)
    wrong = picture_axes(output, array.shape)
    if isinstance(wrong, str):
        raise OutputError(f"model gave {wrong}.")
    if array.dtype.kind == "f":
        if array.size and (array.min() < 0 or array.max() > 1):
            raise OutputError(
                f"model gave {array.dtype} from {array.min():.6g} to {array.max():.6g}; an image "
                "is uint8, uint16, or floats from 0 to 1. Other ranges are a heatmap."
            )
    elif array.dtype not in (np.uint8, np.uint16, bool):
        raise OutputError(
            f"model gave {array.dtype}; an image is uint8, uint16, or floats from 0 to 1."
        )
    return array


def numbers(value: Any) -> Array:
    """Return the array of a value, in a dtype that a config can name. Raises OutputError."""
    if not isinstance(value, Vector):
        try:
            value = Vector(value)
        except (TypeError, ValueError, RuntimeError) as error:
            raise OutputError(f"model gave no array of numbers: {error}.") from error
    array: Array = value.array
    native = array.dtype.newbyteorder("=")
    if native.kind == "u" and native.itemsize > 2:
        if array.size and int(array.max()) > np.iinfo(np.int64).max:
            raise OutputError(f"model gave {int(array.max())}; int64 doesn't hold it.")
        native = WIDEST["u"]
    elif native.kind in WIDEST and native.itemsize > 8:
        native = WIDEST[native.kind]
    return array.astype(native, copy=False)


def require_axes(output: Output, array: Array) -> None:
    """Raise OutputError unless the array has the config's axes."""
    wrong = None if output.axes is None else misfit(output.axes, array.shape)
    if wrong:
        raise OutputError(f"model gave an array that {wrong}.")


def in_dtype(output: Output, array: Array) -> Array:
    """Return the array in the config's dtype. Raises OutputError where that loses something."""
    if output.dtype is None or output.dtype == array.dtype:
        return array
    whole = array.dtype.kind in "biu" and output.dtype.kind in "iu"
    if not whole and not np.can_cast(array.dtype, output.dtype, "same_kind"):
        raise OutputError(f"model gave {array.dtype}; the config says {output.dtype}.")
    with np.errstate(over="ignore"):
        converted = array.astype(output.dtype)
    if whole and (converted != array).any():
        raise OutputError(
            f"model gave values from {int(array.min())} to {int(array.max())}; "
            f"the config's {output.dtype} doesn't hold them."
        )
    require_finite(converted)
    return converted


def require_labels(output: Output, array: Array, most: int) -> None:
    """Raise OutputError if the mask, whose largest value is `most`, has one without a label."""
    if output.labels is None:
        return
    known = np.zeros(most + 1, dtype=bool)
    known[0] = True
    known[[value for value in output.labels if value <= most]] = True
    good = known[array.astype(np.uint8) if array.dtype == bool else array]
    if not good.all():
        unknown = sorted({int(value) for value in np.unique(array[~good])})
        raise OutputError(
            f"model gave the values {', '.join(map(str, unknown[:10]))}; the config's labels are "
            f"{', '.join(map(str, output.labels))}."
        )
