"""Write the inputs of the benchmark into a folder: `python inputs.py FOLDER`."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

import numpy as np
from PIL import Image


def picture(path: Path) -> None:
    """Write a JPEG of 224x224 pixels, about 20 kB: noise over a slope, as busy as a photograph."""
    noise = np.random.default_rng(0).normal(0, 20, (224, 224, 3))
    slope = np.linspace(40, 215, 224)[:, None, None]
    Image.fromarray(np.clip(slope + noise, 0, 255).astype(np.uint8)).save(path, quality=86)


def bomb(path: Path, side: int = 13_300) -> None:
    """Write a black PNG whose 516 kB decode to 531 MB."""
    squeezer = zlib.compressobj(9)
    row = bytes(1 + side * 3)
    data = b"".join([squeezer.compress(row) for _ in range(side)]) + squeezer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts))


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG file."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


folder = Path(sys.argv[1])
picture(folder / "picture.jpg")
bomb(folder / "bomb.png")
np.save(folder / "numbers.npy", np.arange(4, dtype=np.float32))
