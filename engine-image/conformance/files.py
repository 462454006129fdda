"""Good files of each kind, small."""

from __future__ import annotations

import io
import struct
import wave

import numpy as np
from PIL import Image


def png(side: int = 16) -> bytes:
    return picture("PNG", side)


def jpeg(side: int = 16) -> bytes:
    return picture("JPEG", side)


def picture(form: str, side: int) -> bytes:
    """A picture that is half red, half blue."""
    image = Image.new("RGB", (side, side), (255, 0, 0))
    image.paste((0, 0, 255), (0, 0, side, side // 2))
    content = io.BytesIO()
    image.save(content, form)
    return content.getvalue()


def npy(array: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def wav(seconds: float = 0.5, rate: int = 8000) -> bytes:
    """A tone of 440 Hz, at half the full level."""
    times = np.arange(int(seconds * rate)) / rate
    samples = (16384 * np.sin(2 * np.pi * 440 * times)).astype("<i2")
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((1, 2, rate, len(samples), "NONE", ""))
        file.writeframes(samples.tobytes())
    return content.getvalue()


def nifti(side: int = 4) -> bytes:
    """A cube of int16 that counts up, in voxels of 1 mm, with a header of NIfTI-1."""
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, 3, side, side, side, 1, 1, 1, 1)
    struct.pack_into("<2h", header, 70, 4, 16)  # int16
    struct.pack_into("<8f", header, 76, 1, 1, 1, 1, 0, 0, 0, 0)
    struct.pack_into("<3f", header, 108, 352, 1, 0)
    struct.pack_into("<2h", header, 252, 0, 1)  # sform, scanner
    struct.pack_into("<12f", header, 280, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0)
    header[344:348] = b"n+1\0"
    return bytes(header) + np.arange(side**3, dtype="<i2").tobytes()
