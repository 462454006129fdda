"""PNG files, written without Pillow, which a runtime may lack."""

from __future__ import annotations

import struct
import zlib
from typing import Mapping, Sequence

import numpy as np

from ..arrays import Array

#: Colour types of PNG by the number of channels.
GREY, RGB, PALETTE, RGBA = 0, 2, 3, 6
COLOUR_TYPES = {1: GREY, 3: RGB, 4: RGBA}


def png_bytes(
    pixels: Array,
    texts: Mapping[str, str] | None = None,
    palette: Sequence[tuple[int, int, int]] | None = None,
) -> bytes:
    """Return a PNG file of `pixels`: [y, x] or [y, x, 3 or 4], uint8 or uint16.

    With a palette (red, green, blue), uint8 pixels [y, x] are places in it; the first is clear.
    `texts` by keyword are in ASCII.
    """
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    colour_type = COLOUR_TYPES[channels] if palette is None else PALETTE
    depth = 8 * pixels.dtype.itemsize
    parts = [(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, 0))]
    if palette is not None:
        parts += [(b"PLTE", bytes(np.array(palette, np.uint8))), (b"tRNS", b"\0")]
    parts += [(b"tEXt", f"{key}\0{text}".encode("ascii")) for key, text in (texts or {}).items()]
    lines = rows(pixels, channels, filtered=palette is None)
    parts += [(b"IDAT", zlib.compress(lines, 4)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, body) for kind, body in parts)


def rows(pixels: Array, channels: int, filtered: bool) -> bytes:
    """Return the rows, each after the byte that names its filter.

    Filter 1 stores each byte's distance from that of the pixel to the left, which makes pictures
    half as large.
    """
    big = np.ascontiguousarray(pixels, pixels.dtype.newbyteorder(">"))
    step = channels * pixels.dtype.itemsize
    lines = big.view(np.uint8).reshape(pixels.shape[0], pixels.shape[1] * step)
    out = np.empty((lines.shape[0], lines.shape[1] + 1), np.uint8)
    out[:, 0] = filtered
    out[:, 1:] = lines
    if filtered:
        out[:, 1 + step :] -= lines[:, :-step]
    return out.tobytes()


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return one chunk of a PNG file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
