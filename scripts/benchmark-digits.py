"""Writes registry/benchmarks/digits/images.tar.gz: scikit-learn's last 360 digits as PNG, with labels.

Run with `pip install scikit-learn==1.9.1 pillow==13.0.0`; it gives the same bytes each time.
"""

import gzip
import hashlib
import io
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

FILE = Path("registry/benchmarks/digits/images.tar.gz")
FIRST = 1437  # Those before are what contrib-template/train.py trains on.


def add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add a file whose entry depends on nothing but its name and content."""
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))


inks, digits = load_digits(return_X_y=True)  # (1797, 64) from 0, white, to 16, black
plain = io.BytesIO()
with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as archive:
    rows = ["file,label"]
    for index in range(FIRST, len(inks)):
        pixels = np.round(255 - inks[index] * (255 / 16)).astype(np.uint8).reshape(8, 8)
        png = io.BytesIO()
        Image.fromarray(pixels).save(png, "PNG")
        add(archive, f"{index}.png", png.getvalue())
        rows.append(f"{index}.png,{digits[index]}")
    add(archive, "labels.csv", ("\n".join(rows) + "\n").encode())
FILE.write_bytes(gzip.compress(plain.getvalue(), mtime=0))
content = FILE.read_bytes()
print(f"{FILE}: {len(content)} bytes, {hashlib.sha256(content).hexdigest()}")
