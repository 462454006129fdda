"""Volumes as NRRD, read by ourselves: the header is a few lines of text."""

from __future__ import annotations

import re
from typing import BinaryIO, Dict, List, Optional, Tuple

import numpy as np

from ..archives import GzipReader, require_no_bomb
from ..arrays import Array
from ..errors import InputUndecodable
from ..geometry import Geometry, geometry_of
from ..limits import MAX_NRRD_HEADER
from ..signatures import NRRD
from ..sources import Source
from ..volumes import Volume
from .loader import Native
from .volume import VolumeLoader

#: Numpy's dtypes, by the names that the format has for them.
DTYPES = {
    name: dtype
    for dtype, names in {
        "i1": "signed char,int8,int8_t",
        "u1": "uchar,unsigned char,uint8,uint8_t",
        "i2": "short,short int,signed short,signed short int,int16,int16_t",
        "u2": "ushort,unsigned short,unsigned short int,uint16,uint16_t",
        "i4": "int,signed int,int32,int32_t",
        "u4": "uint,unsigned int,uint32,uint32_t",
        "i8": "longlong,long long,long long int,signed long long,int64,int64_t",
        "u8": "ulonglong,unsigned long long,unsigned long long int,uint64,uint64_t",
        "f4": "float",
        "f8": "double",
    }.items()
    for name in names.split(",")
}

#: What turns the file's world into left, back, head.
WORLDS = {
    "left-posterior-superior": (1, 1, 1),
    "lps": (1, 1, 1),
    "right-anterior-superior": (-1, -1, 1),
    "ras": (-1, -1, 1),
    "left-anterior-superior": (1, -1, 1),
    "las": (1, -1, 1),
}

Fields = Dict[str, str]
Steps = List[Optional[Tuple[float, ...]]]


class NrrdLoader(VolumeLoader):
    """NRRD in one file, raw or in gzip, to a Volume."""

    media_types = (NRRD,)

    def load(self, source: Source, media_type: str) -> Native:
        """Return a Volume. Raises InputUndecodable and InputOutsideLimits."""
        with source.open() as stream:
            fields = read_fields(stream)
            sizes = read_sizes(fields)
            steps = read_steps(fields, len(sizes))
            # An axis that lies not in space, such as colours, comes last with us.
            order = sorted(range(len(sizes)), key=lambda axis: steps[axis] is None)
            self.check_grid([sizes[axis] for axis in order])
            # The file's first axis is the fastest.
            array = read_voxels(stream, source.size(), fields, sizes).reshape(sizes, order="F")
        return Volume(array.transpose(order), read_geometry(fields, [steps[i] for i in order[:3]]))


def read_fields(stream: BinaryIO) -> Fields:
    """Return the header's fields, keys in lower case; the stream then stands at the voxels."""
    stream.readline(16)
    fields: Fields = {}
    room = MAX_NRRD_HEADER
    while True:
        line = stream.readline(room)
        room -= len(line)
        if not line.endswith(b"\n"):
            raise InputUndecodable(f"has no end of its header within {MAX_NRRD_HEADER:,} bytes.")
        text = line.decode("ascii", "replace").strip()
        if not text:
            return fields
        name, colon, value = text.partition(":")
        # Comments, and pairs of a key and a value (:=), say nothing of the grid.
        if colon and not text.startswith("#") and not value.startswith("="):
            fields[name.lower()] = value.strip()


def read_sizes(fields: Fields) -> tuple[int, ...]:
    """Return the sizes of the axes, the fastest first."""
    if "data file" in fields or "datafile" in fields:
        raise InputUndecodable("keeps its voxels in another file; one file is read.")
    words = fields.get("sizes", "").split()
    if not all(word.isdecimal() and len(word) < 12 for word in words) or len(words) != int_of(
        fields.get("dimension", "")
    ):
        raise InputUndecodable("has a header without dimension and as many sizes.")
    return tuple(map(int, words))


def read_steps(fields: Fields, count: int) -> Steps:
    """Return for each axis the step to its next voxel, as the file has it; None: not in space."""
    if "space directions" in fields:
        words = re.findall(r"none|\([^)]*\)", fields["space directions"])
        steps: Steps = [None if word == "none" else vector(word) for word in words]
    else:
        spacings = [float_of(word) for word in fields.get("spacings", "").split()] or [1.0] * count
        # A fourth axis without a spacing is none of space.
        lying = [i for i, spacing in enumerate(spacings) if np.isfinite(spacing)][:3]
        steps = [None] * len(spacings)
        for place, axis in enumerate(lying):
            steps[axis] = tuple(np.eye(3)[place] * spacings[axis])
    if len(steps) != count or sum(step is not None for step in steps) != 3:
        raise InputUndecodable("has a header in which there aren't three axes of space.")
    return steps


def read_geometry(fields: Fields, steps: Steps) -> Geometry | None:
    """Return where the grid lies; None where the file doesn't tell."""
    if "space directions" not in fields and "spacings" not in fields:
        return None
    origin = vector(fields.get("space origin", "(0,0,0)"))
    flip = WORLDS.get(fields.get("space", "lps").lower())
    if flip is None or any(len(step or ()) != 3 for step in (origin, *steps)):
        return None
    matrix = np.array(steps, np.float64).T * np.array(flip)[:, np.newaxis]
    return geometry_of(matrix, np.multiply(origin, flip))


def read_voxels(stream: BinaryIO, size: int, fields: Fields, sizes: tuple[int, ...]) -> Array:
    """Return the voxels in the file's order, in the machine's byte order."""
    dtype = DTYPES.get(fields.get("type", "").lower())
    encoding = fields.get("encoding", "").lower()
    if dtype is None or encoding not in ("raw", "gzip", "gz"):
        raise InputUndecodable(
            f"has voxels of type '{fields.get('type', '')[:20]}' in encoding '{encoding[:20]}'; "
            "plain numbers are read, raw or in gzip."
        )
    if any(fields.get(key, "0") not in ("0", "") for key in ("line skip", "byte skip")):
        raise InputUndecodable("skips bytes before its voxels; a file without is read.")
    order = ">" if fields.get("endian", "little").lower() == "big" else "<"
    stored = np.dtype(order + dtype)
    expected = int(np.prod(sizes, dtype=object)) * stored.itemsize
    packed = size - stream.tell()
    if encoding == "raw" and packed < expected:
        raise InputUndecodable(f"holds {packed:,} bytes of voxels; its header says {expected:,}.")
    if encoding != "raw":
        require_no_bomb(packed, expected)
    if encoding == "raw":
        data = stream.read(expected)
    else:
        reader = GzipReader(stream)
        data = reader.read(expected)
        reader.check_end()
    if len(data) < expected:
        raise InputUndecodable(
            f"holds {len(data):,} bytes of voxels; its header says {expected:,}."
        )
    return np.frombuffer(data, stored).astype(dtype, copy=False)


def vector(word: str) -> tuple[float, ...]:
    """Return the numbers in (1,2,3); NaN for what is none."""
    return tuple(float_of(part) for part in word.strip("() ").split(","))


def float_of(word: str) -> float:
    """Return the number; NaN for what is none."""
    try:
        return float(word)
    except ValueError:
        return float("nan")


def int_of(word: str) -> int | None:
    """Return the integer, None for what is none."""
    return int(word) if word.isdecimal() and len(word) < 12 else None
