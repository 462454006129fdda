r"""Header of a .npy file, read with care: no pickle, no array made before all is known.

Format: \x93NUMPY, major and minor version, length of the header (u16, from version 2 on u32,
little-endian), a Python dict as text with descr, fortran_order and shape, then the elements.
"""

from __future__ import annotations

import ast
import struct
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from .errors import InputOutsideLimits, InputUndecodable
from .limits import MAX_ELEMENTS, MAX_NPY_HEADER


class NpyHeader(NamedTuple):
    """What the header says, and at which byte the elements begin."""

    dtype: np.dtype[Any]
    fortran_order: bool
    shape: tuple[int, ...]
    offset: int

    @property
    def elements(self) -> int:
        """Number of elements; in Python's own integers, which don't overflow."""
        count = 1
        for size in self.shape:
            count *= size
        return count


def read_npy_header(stream: BinaryIO, size: int) -> NpyHeader:
    """Read the header of a file of `size` bytes; the stream stands at the elements then.

    Raises InputUndecodable for a damaged header, for elements that are no plain numbers, and
    where the file is shorter or longer than its header says; InputOutsideLimits for more than
    MAX_ELEMENTS.
    """
    text, offset = _read_text(stream)
    header = _parse(text, offset)
    if header.elements > MAX_ELEMENTS:
        raise InputOutsideLimits(
            f"has {header.elements:,} elements; at most {MAX_ELEMENTS:,} are read."
        )
    expected = offset + header.elements * header.dtype.itemsize
    if size != expected:
        raise InputUndecodable(f"has {size:,} bytes; its header says {expected:,}.")
    return header


def _read_text(stream: BinaryIO) -> tuple[str, int]:
    """Return the header's text, and the byte after it."""
    start = stream.read(8)
    major = start[6] if len(start) == 8 else 0
    if major not in (1, 2, 3):
        raise InputUndecodable("is no .npy file of version 1, 2 or 3.")
    width, form = (2, "<H") if major == 1 else (4, "<I")
    length_bytes = stream.read(width)
    if len(length_bytes) < width:
        raise InputUndecodable("is truncated in its header.")
    (length,) = struct.unpack(form, length_bytes)
    if length > MAX_NPY_HEADER:
        raise InputUndecodable(f"has a header of {length:,} bytes; at most {MAX_NPY_HEADER:,}.")
    text = stream.read(length)
    if len(text) < length:
        raise InputUndecodable("is truncated in its header.")
    return text.decode("utf-8" if major == 3 else "latin-1", "replace"), 8 + width + length


def _parse(text: str, offset: int) -> NpyHeader:
    """Return the header's text as values, each of the kind that it must be."""
    try:
        # Literals only: this evaluates no expression.
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError) as error:
        raise InputUndecodable("has a header that can't be read.") from error
    if not isinstance(value, dict) or set(value) != {"descr", "fortran_order", "shape"}:
        raise InputUndecodable("has a header without descr, fortran_order and shape.")
    shape, fortran_order = value["shape"], value["fortran_order"]
    if not isinstance(shape, tuple) or not all(type(size) is int and size >= 0 for size in shape):
        raise InputUndecodable("has a shape that is no tuple of sizes.")
    if not isinstance(fortran_order, bool):
        raise InputUndecodable("has a fortran_order that is neither True nor False.")
    return NpyHeader(_plain_dtype(value["descr"]), fortran_order, shape, offset)


def _plain_dtype(descr: object) -> np.dtype[Any]:
    """Return the dtype, where it is one of plain numbers: no objects, records or text."""
    try:
        dtype = np.dtype(descr) if isinstance(descr, str) else None
    except (TypeError, ValueError, SyntaxError) as error:
        raise InputUndecodable("has an unknown dtype.") from error
    if dtype is None or dtype.hasobject or dtype.kind not in "biuf":
        raise InputUndecodable("holds objects, records or text; only plain numbers are read.")
    return dtype
