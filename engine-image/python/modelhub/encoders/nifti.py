"""NIfTI-1 (.nii.gz): one file for each mask, heatmap or image, in the space of its input.

The axes are x, y, z and one more (channel, time); the affine of the header (sform) leads to NIfTI's
world, in mm towards right, front and head. Which model made it is the comment behind the header.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from typing import BinaryIO, Mapping, Sequence

import numpy as np

from ..arrays import Array
from ..axes import by
from ..geometry import Geometry
from ..layout import layout
from ..outputs import Prediction
from ..sources import Source
from .encoded import Encoded, Format, Identity, refuse_type
from .provenance import identity_text

#: NIfTI's numbers of dtypes.
CODES = {
    "uint8": 2,
    "int16": 4,
    "int32": 8,
    "float32": 16,
    "float64": 64,
    "int8": 256,
    "uint16": 512,
    "int64": 1024,
}
#: What a dtype that NIfTI lacks becomes.
WIDER = {"bool": "uint8", "float16": "float32"}

#: NIfTI's numbers: the affine comes from the scanner's space; lengths are in mm; a comment.
SCANNER, MILLIMETRE, COMMENT = 1, 2, 6

HEADER_BYTES = 348

#: How many places are probed before voxels are compressed, and how much in each.
PROBES, PROBE_BYTES = 32, 8192

#: Largest size of an axis: the header has 16 bits for it.
LONGEST = 32_767

refuses_type = refuse_type("nifti holds masks, heatmaps and images", "mask", "heatmap", "image")


def refuses(output: Prediction) -> str | None:
    """Say why NIfTI can't hold an output; None where it can."""
    wrong = refuses_type(output)
    if wrong:
        return wrong
    found = layout(output.output.axes, output.shape)
    if found is None or len(found.others) > 1 or max(output.shape) > LONGEST:
        return f"is {by(output.shape)}; nifti holds x, y, z and one more axis"
    return None


def encode(
    outputs: Sequence[Prediction], identity: Identity, sources: Mapping[str, Source]
) -> list[Encoded]:
    """Return one file for each output."""
    return [nifti_file(output, identity) for output in outputs]


def nifti_file(output: Prediction, identity: Identity) -> Encoded:
    """Return the file of an output."""

    def save(stream: BinaryIO) -> None:
        array = in_order(output)
        comment = comment_bytes(identity_text(identity))
        header = header_bytes(output, array, HEADER_BYTES + 4 + len(comment))
        data = array.tobytes(order="F")
        level = 1 if shrinks(data) else 0
        with gzip.GzipFile("", "wb", compresslevel=level, fileobj=stream, mtime=0) as packed:
            packed.write(header + comment)
            packed.write(data)

    return Encoded(output.name, "application/x-nifti", f"{output.name}.nii.gz", save)


def shrinks(data: bytes) -> bool:
    """Whether gzip takes a fifth off the voxels, as probes of them tell.

    Numbers of a network seldom shrink, and to find that out in full takes a second for 35 MB.
    """
    step = max(len(data) // PROBES, PROBE_BYTES)
    probes = b"".join(data[at : at + PROBE_BYTES] for at in range(0, len(data), step))
    return len(zlib.compress(probes, 1)) < 0.8 * len(probes)


def in_order(output: Prediction) -> Array:
    """Return the array as [x, y, z] or [x, y, z, other], in a little-endian dtype of NIfTI."""
    found = layout(output.output.axes, output.shape)
    assert found is not None
    places = [found.x, found.y, *([] if found.z is None else [found.z]), *found.others]
    ones = [place for place in range(output.value.ndim) if place not in places]
    array = output.value.transpose([*places, *ones])
    sizes = list(array.shape[: len(places)])
    if found.z is None:
        sizes.insert(2, 1)
    dtype = np.dtype(WIDER.get(str(array.dtype), str(array.dtype)))
    ordered: Array = array.reshape(sizes).astype(dtype.newbyteorder("<"), copy=False)
    return ordered


def header_bytes(output: Prediction, array: Array, offset: int) -> bytes:
    """Return the 348 bytes of the header, and the 4 that announce the comment.

    `offset` is the byte at which the array begins.
    """
    affine = None if output.geometry is None else affine_of(output.geometry)
    spacing = (1.0, 1.0, 1.0) if affine is None else np.linalg.norm(affine[:, :3], axis=0)
    header = bytearray(HEADER_BYTES + 4)
    struct.pack_into("<i", header, 0, HEADER_BYTES)
    struct.pack_into("<8h", header, 40, array.ndim, *array.shape, *[1] * (7 - array.ndim))
    code = CODES[array.dtype.newbyteorder("=").name]
    struct.pack_into("<2h", header, 70, code, 8 * array.dtype.itemsize)
    # The sign of the first says which way round z runs, for readers of quaternions alone.
    struct.pack_into("<8f", header, 76, 1.0, *spacing, 1.0, 1.0, 1.0, 1.0)
    struct.pack_into("<3f", header, 108, offset, 1.0, 0.0)
    header[123] = MILLIMETRE
    described = output.description or output.name
    struct.pack_into("<80s", header, 148, described.encode("ascii", "replace")[:79])
    if affine is not None:
        struct.pack_into("<2h", header, 252, 0, SCANNER)
        struct.pack_into("<12f", header, 280, *affine.ravel())
    struct.pack_into("<4s4B", header, 344, b"n+1\0", 1, 0, 0, 0)
    return bytes(header)


def affine_of(geometry: Geometry) -> Array:
    """Return rows 1 to 3 of the matrix from places in the array to NIfTI's world: [3, 4]."""
    count = len(geometry.spacing)
    affine = np.eye(3, 4)
    affine[:count, :count] = np.reshape(geometry.direction, (count, count)) * geometry.spacing
    affine[:count, 3] = geometry.origin
    # DICOM's world runs to left and back, NIfTI's to right and front.
    affine[:2] *= -1
    return affine + 0.0


def comment_bytes(text: str) -> bytes:
    """Return the extension with a comment: a multiple of 16 bytes, as the format wants."""
    size = -(-(8 + len(text)) // 16) * 16
    return struct.pack("<2i", size, COMMENT) + text.encode("ascii").ljust(size - 8, b"\0")


FORMAT = Format(refuses, encode)
