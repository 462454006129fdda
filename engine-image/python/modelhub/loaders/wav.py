"""Recordings as WAV, read by ourselves: Python's own reader knows no floats."""

from __future__ import annotations

import struct
from typing import BinaryIO, NamedTuple

import numpy as np

from ..arrays import Array
from ..errors import InputUndecodable
from ..recordings import Recording
from ..signatures import WAV
from ..sources import Source
from .audio import AudioLoader
from .loader import Native

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE

#: How samples are stored, by format and bits. 24 bits have no dtype of their own.
DTYPES = {
    (PCM, 8): "u1",
    (PCM, 16): "<i2",
    (PCM, 24): "u1",
    (PCM, 32): "<i4",
    (FLOAT, 32): "<f4",
    (FLOAT, 64): "<f8",
}


class Form(NamedTuple):
    """The chunk `fmt ` of a file: format PCM or FLOAT, channels, samples per second, bits."""

    format: int
    channels: int
    sample_rate: int
    bits: int

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of all channels."""
        return self.channels * self.bits // 8


class WavLoader(AudioLoader):
    """WAV with integers of 8, 16, 24 or 32 bits, or floats of 32 or 64, to a Recording."""

    media_types = (WAV,)

    def load(self, source: Source, media_type: str) -> Native:
        """Return a Recording. Raises InputUndecodable and InputOutsideLimits."""
        with source.open() as stream:
            form, count = read_header(stream, source.size())
            self.check_recording(count // form.frame_bytes, form.channels, form.sample_rate)
            data = stream.read(count - count % form.frame_bytes)
        return Recording(to_floats(data, form), form.sample_rate)


def read_header(stream: BinaryIO, size: int) -> tuple[Form, int]:
    """Return the form of the samples and their number of bytes; the stream then stands there."""
    stream.seek(12)
    form = None
    while True:
        head = stream.read(8)
        if len(head) < 8:
            raise InputUndecodable("is truncated: it has no samples.")
        name, count = head[:4], int.from_bytes(head[4:], "little")
        if count > size - stream.tell():
            raise InputUndecodable(
                f"has {size:,} bytes; its header says {stream.tell() + count:,}."
            )
        if name == b"data":
            if form is None:
                raise InputUndecodable("doesn't say how its samples are stored.")
            return form, count
        # Chunks begin at even places.
        end = stream.tell() + count + count % 2
        if name == b"fmt ":
            form = read_form(stream.read(min(count, 40)))
        stream.seek(end)


def read_form(data: bytes) -> Form:
    """Return the form of the samples. Raises InputUndecodable for one that isn't read."""
    if len(data) < 16:
        raise InputUndecodable("is truncated in its header.")
    format, channels, sample_rate, _, _, bits = struct.unpack("<HHIIHH", data[:16])
    if format == EXTENSIBLE and len(data) >= 26:
        format = int.from_bytes(data[24:26], "little")
    if (format, bits) not in DTYPES or channels == 0:
        raise InputUndecodable(
            f"has samples of format {format} with {bits} bits; read are integers of 8, 16, 24 or "
            "32 bits, and floats of 32 or 64."
        )
    return Form(format, channels, sample_rate, bits)


def to_floats(data: bytes, form: Form) -> Array:
    """Return samples from -1 to 1, float32, shape [time, channel]."""
    stored = np.frombuffer(data, DTYPES[form.format, form.bits])
    if form.bits == 24:
        # As the upper three bytes of an integer of 32 bits, which brings the sign along.
        wide = np.zeros((len(stored) // 3, 4), np.uint8)
        wide[:, 1:] = stored.reshape(-1, 3)
        stored = wide.view("<i4")[:, 0]
    samples = stored.astype(np.float32)
    if form.bits == 8:
        samples -= 128
    if form.format == PCM:
        # Integers of 24 bits stand as those of 32.
        samples /= np.float32(2 ** (8 * stored.itemsize - 1))
    return samples.reshape(-1, form.channels)
