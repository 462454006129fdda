"""Arrays as numpy writes them."""

from __future__ import annotations

import math
from typing import Any, BinaryIO

import numpy as np

from ..archives import open_zip
from ..arrays import Array
from ..axes import Axis, by
from ..errors import InputOutsideLimits, InputUndecodable
from ..npy import read_npy_header
from ..signatures import NPY, NPZ
from ..sources import Source, Tensor
from .loader import Loader, Native


class ArrayLoader(Loader):
    """A loader of arrays, to an array as it lies in the file."""

    def check_array(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        """Raise InputOutsideLimits unless the input takes an array of this shape and dtype."""
        self.check_shape(shape)
        if 0 in shape:
            raise InputOutsideLimits("has no elements.")
        if not fits(dtype, self.input.dtype):
            raise InputOutsideLimits(
                f"holds {dtype.name}; the model takes {self.input.dtype}. "
                f"In numpy, array.astype('{self.input.dtype}') converts it."
            )

    @property
    def checked_axes(self) -> list[Axis]:
        """The axes; an image's may have other sizes before preprocessing, an array's not."""
        return super().checked_axes if self.input.kind != "array" else list(self.input.axes)

    def read_npy(self, stream: BinaryIO, size: int) -> Array:
        """Return the array in a .npy file of `size` bytes."""
        header = read_npy_header(stream, size)
        self.check_array(header.shape, header.dtype)
        array = np.frombuffer(stream.read(size - header.offset), header.dtype)
        return array.reshape(header.shape, order="F" if header.fortran_order else "C")


class NpyLoader(ArrayLoader):
    """Arrays in .npy form, and those whose form their sender tells."""

    media_types = (NPY,)

    def load_tensor(self, source: Source, tensor: Tensor) -> Array:
        """Return an array. Raises InputUndecodable and InputOutsideLimits."""
        dtype = np.dtype(tensor.dtype)
        self.check_array(tensor.shape, dtype)
        expected = math.prod(tensor.shape) * dtype.itemsize
        if source.size() != expected:
            raise InputUndecodable(
                f"has {source.size():,} bytes; {dtype} of {by(tensor.shape)} takes {expected:,}."
            )
        return np.frombuffer(source.read(), dtype).reshape(tensor.shape)

    def load(self, source: Source, media_type: str) -> Native:
        """Return an array. Raises InputUndecodable and InputOutsideLimits."""
        with source.open() as stream:
            return self.read_npy(stream, source.size())


class NpzLoader(ArrayLoader):
    """Archives of numpy that hold one array."""

    media_types = (NPZ,)

    def load(self, source: Source, media_type: str) -> Native:
        """Return an array. Raises InputUndecodable and InputOutsideLimits."""
        with source.open() as stream:
            archive, entries = open_zip(stream, source.size())
            if len(entries) != 1:
                raise InputUndecodable(f"holds {len(entries)} arrays; one is read.")
            with archive.open(entries[0]) as file:
                return self.read_npy(file, entries[0].file_size)  # type: ignore[arg-type]


def fits(have: np.dtype[Any], want: np.dtype[Any]) -> bool:
    """Whether an array may become the wanted dtype: without loss, or from float to float."""
    if have == want:
        return True
    return np.can_cast(have, want, "safe") or (have.kind == "f" and want.kind == "f")
