"""Volumes as NIfTI."""

from __future__ import annotations

import struct
from typing import Any, BinaryIO, NamedTuple, Union

import numpy as np

from ..archives import GzipReader, require_no_bomb
from ..config import Input
from ..errors import InputUndecodable
from ..libraries import library
from ..limits import MAX_NIFTI_HEADER
from ..signatures import NIFTI
from ..sources import Source
from .loader import Native
from .volume import VolumeLoader

#: Codes of voxels that are plain numbers.
DTYPES = {
    2: "u1",
    4: "i2",
    8: "i4",
    16: "f4",
    64: "f8",
    256: "i1",
    512: "u2",
    768: "u4",
    1024: "i8",
    1280: "u8",
}

Stream = Union[BinaryIO, GzipReader]


class NiftiHeader(NamedTuple):
    """What the header says of the voxels; `offset` is where they begin."""

    version: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    offset: int

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        count = self.dtype.itemsize
        for size in self.shape:
            count *= size
        return self.offset + count


class NiftiLoader(VolumeLoader):
    """NIfTI of version 1 or 2 in one file, plain or in gzip, by nibabel, to a nibabel image."""

    media_types = (NIFTI,)

    def __init__(self, input: Input, resized: bool = False) -> None:
        super().__init__(input, resized)
        self._nibabel = library("nibabel", "nibabel", input.id, "takes NIfTI")

    def load(self, source: Source, media_type: str) -> Native:
        """Return a nibabel image. Raises InputUndecodable and InputOutsideLimits."""
        with source.open() as file:
            packed = source.head(2) == b"\x1f\x8b"
            stream: Stream = GzipReader(file) if packed else file
            head, header = read_header(stream)
            shape = header.shape
            while len(shape) > 3 and shape[-1] == 1:
                shape = shape[:-1]
            self.check_grid(shape)
            if packed:
                require_no_bomb(source.size(), header.size)
            elif source.size() < header.size:
                raise InputUndecodable(
                    f"has {source.size():,} bytes; its header says {header.size:,}."
                )
            data = head + stream.read(header.size - len(head))
            if isinstance(stream, GzipReader):
                stream.check_end()
        if len(data) < header.size:
            raise InputUndecodable(f"holds {len(data):,} bytes; its header says {header.size:,}.")
        image = self._nibabel.Nifti1Image if header.version == 1 else self._nibabel.Nifti2Image
        return image.from_bytes(data)


def read_header(stream: Stream) -> tuple[bytes, NiftiHeader]:
    """Return the bytes up to the voxels, and what they say. Raises InputUndecodable."""
    head = stream.read(348)
    version = 2 if head[4:7] == b"n+2" else 1
    head += stream.read((544 if version == 2 else 352) - len(head))
    header = parse(head, version)
    if not len(head) <= header.offset <= MAX_NIFTI_HEADER:
        raise InputUndecodable(
            f"says that its voxels begin at byte {header.offset:,}; "
            f"expected {len(head)} to {MAX_NIFTI_HEADER:,}."
        )
    extensions = stream.read(header.offset - len(head))
    check_extensions(head, extensions)
    return head + extensions, header


def parse(head: bytes, version: int) -> NiftiHeader:
    """Return the header's fields. Raises InputUndecodable for voxels that aren't read."""
    form = "h" * 8 if version == 1 else "q" * 8
    place, codes = (40, 70) if version == 1 else (16, 12)
    if len(head) < (352 if version == 1 else 544):
        raise InputUndecodable("is truncated in its header.")
    order = byte_order(head)
    count, *sizes = struct.unpack_from(order + form, head, place)
    code, bits = struct.unpack_from(order + "hh", head, codes)
    if not 1 <= count <= 7 or min(sizes[:count]) < 1:
        raise InputUndecodable("has a header without sizes of its axes.")
    dtype = np.dtype(DTYPES.get(code, "V"))
    if dtype.itemsize * 8 != bits:
        raise InputUndecodable(
            f"has voxels of code {code} with {bits} bits; only plain numbers are read."
        )
    offset = (
        struct.unpack_from(order + "f", head, 108)[0]
        if version == 1
        else struct.unpack_from(order + "q", head, 168)[0]
    )
    # A NaN is no place either.
    whole = int(offset) if abs(offset) < 2**40 else -1
    return NiftiHeader(version, tuple(sizes[:count]), dtype, whole)


def byte_order(head: bytes) -> str:
    """Return < or >: a file begins with the size of its header, 348 or 540."""
    return "<" if head[:4] in (b"\x5c\x01\0\0", b"\x1c\x02\0\0") else ">"


def check_extensions(head: bytes, extensions: bytes) -> None:
    """Raise InputUndecodable unless the extensions lie before the voxels, one after the other."""
    if head[-4] == 0:
        return
    order = byte_order(head)
    place = 0
    while place + 8 <= len(extensions):
        (size,) = struct.unpack_from(order + "i", extensions, place)
        if size < 16 or size % 16 or place + size > len(extensions):
            raise InputUndecodable("has an extension that doesn't end before the voxels.")
        place += size
