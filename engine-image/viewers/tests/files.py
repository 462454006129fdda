"""Prints files as other programs write them, each with what the engine makes of it, as JSON."""

from __future__ import annotations

import base64
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path[:0] = [
    str(Path(__file__).parents[2] / "python" / folder) for folder in (".", "tests")
]

import nibabel
import numpy as np
import pydicom
import soundfile
from medical import dicom, dicom_slice, nifti, nrrd, written
from prepared import CHANNEL, TIME, X, Y, prepare, sized

noise = np.random.default_rng(1)

#: Samples that the encoder takes at once.
BLOCK = 4096


def recordings() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield FLAC files with a wave, a silence and some noise: the encoder takes each otherwise."""
    for subtype in ("PCM_S8", "PCM_16", "PCM_24"):
        for channels in (1, 2):
            sound = (
                np.sin(np.arange(5 * BLOCK)[:, None] / 50 * np.arange(1, channels + 1))
                * 0.6
            )
            sound[BLOCK : 2 * BLOCK] = 0
            sound[2 * BLOCK : 3 * BLOCK] = noise.uniform(-0.9, 0.9, (BLOCK, channels))
            # One channel is the other with a hiss: then only their difference is written beside it.
            sound[3 * BLOCK :, 0] = sound[3 * BLOCK :, -1]
            for channel, start in ((0, 3 * BLOCK), (-1, 4 * BLOCK)):
                sound[start : start + BLOCK, channel] += noise.normal(0, 0.01, BLOCK)
            stream = io.BytesIO()
            soundfile.write(stream, sound, 16000, format="FLAC", subtype=subtype)
            yield (
                f"FLAC, {subtype}, channels: {channels}",
                "audio",
                stream.getvalue(),
                "audio/flac",
            )


def slices() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield slices in runs."""
    for dtype in ("uint8", "int16", "uint16"):
        pixels = noise.integers(0, 100, (41, 30)).astype(dtype)
        pixels[5:20] = 7
        one = dicom_slice(pixels, RescaleSlope=2, RescaleIntercept=-100)
        one.file_meta = pydicom.dataset.FileMetaDataset()
        one.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
        one.compress(pydicom.uid.RLELossless, generate_instance_uid=False)
        yield (
            f"DICOM in runs, {dtype}",
            "volume",
            written(one, bare=False),
            "application/dicom",
        )


def volumes() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield NRRD in its encodings."""
    grid = noise.integers(-50, 99, (4, 5, 6)).astype("int16")
    turned = {
        "space": "right-anterior-superior",
        "space_directions": "(0,2,0) (-3,0,0) (0,0,0.5)",
        "space_origin": "(1,2,3)",
    }
    lines = ("# a comment: no field", "note:=no field either")
    files = {
        "raw": nrrd(grid, *lines, **turned),
        "gzip": nrrd(grid.astype("uint8"), *lines, **turned, encoding="gzip"),
        "big-endian": nrrd(
            grid.astype(">i2"), *lines, **turned, type="short", endian="big"
        ),
        "spacings": nrrd(grid.astype("float32"), type="float", spacings="1 2 3"),
        "bare": nrrd(grid.astype("float64"), type="double"),
    }
    for name, file in files.items():
        yield f"NRRD, {name}", "volume", file, "application/x-nrrd"


def scans() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield NIfTI that says in its several ways where it lies and what its numbers are."""
    grid = noise.integers(-50, 99, (4, 5, 6)).astype("int16")
    turned = np.array([[0, -3, 0, 1], [2, 0, 0, 2], [0, 0, 0.5, 3], [0, 0, 0, 1]])
    both = nibabel.Nifti1Image(grid, turned)
    both.set_qform(np.diag([9, 9, 9, 1]), 1)
    lone = nibabel.Nifti1Image(grid, None)
    lone.set_qform(turned, 1)
    big = nibabel.Nifti1Image(
        grid.astype(">i2"), turned, nibabel.Nifti1Header(endianness=">")
    )
    # An intercept without a slope says nothing.
    useless = bytearray(nifti(grid, turned))
    useless[112:120] = np.array([0, 5], "<f4").tobytes()
    files = {
        "sform before qform": both.to_bytes(),
        "qform alone": lone.to_bytes(),
        "big-endian": big.to_bytes(),
        "slope": nifti(grid.astype("uint8"), turned, slope=0.3),
        "intercept alone": bytes(useless),
        "a fourth axis of one": nifti(grid[..., np.newaxis], turned),
    }
    for name, file in files.items():
        yield f"NIfTI, {name}", "volume", file, "application/x-nifti"


def tables() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield tables of two columns."""
    files = {
        "commas": b'\xef\xbb\xbf"a","b, c"\r\n1, 2.5 \r\n\r\n"-3",1e2',
        "semicolons": b'a;b\n"1";2.5\n-3;+.5\n',
        "tabs": b"a\tb, c; d\n1\t2.5\n",
        "objects": b' [{"a": 1, "b": "2.5"}, {"b": 3, "a": -4}]',
        "columns and rows": b'{"rows": [[1, 2.5], [3, -4]], "columns": ["a", 2]}',
    }
    for name, file in files.items():
        form = "application/json" if file.strip()[:1] in b"[{" else "text/csv"
        yield f"table, {name}", "table", file, form


def pictures() -> Iterator[tuple[str, str, bytes, str]]:
    """Yield slices that a model takes as pictures."""
    grey = noise.integers(0, 900, (40, 30)).astype("int16")
    small = noise.integers(0, 200, (40, 30)).astype("uint8")
    colours = noise.integers(0, 255, (40, 30, 3)).astype("uint8")
    table = noise.integers(0, 2**16, (3, 200)).astype("<u2")
    palette = {
        f"{colour}PaletteColorLookupTable{part}": value
        for colour, entries in zip(("Red", "Green", "Blue"), table)
        for part, value in (("Descriptor", [200, 0, 16]), ("Data", entries.tobytes()))
    }
    window = {
        "WindowCenter": [40, 90],
        "WindowWidth": [301, 9],
        "RescaleSlope": 2,
        "RescaleIntercept": -1024,
    }
    files = {
        "window": dicom(grey, **window),
        "exact window": dicom(grey, **window, VOILUTFunction="LINEAR_EXACT"),
        "sigmoid window": dicom(grey, **window, VOILUTFunction="SIGMOID"),
        "no window": dicom(grey),
        "inverted": dicom(small, PhotometricInterpretation="MONOCHROME1"),
        "palette": dicom(small, PhotometricInterpretation="PALETTE COLOR", **palette),
        "colour": dicom(colours),
        "colour in planes": dicom(
            colours.transpose(2, 0, 1).reshape(40, 30, 3), PlanarConfiguration=1
        ),
    }
    for name, file in files.items():
        yield f"DICOM as a picture, {name}", "image", file, "application/dicom"


def encoded(data: bytes) -> str:
    """Return bytes as text."""
    return base64.b64encode(data).decode()


KEYS: dict[str, dict[str, Any]] = {
    "audio": {"axes": [CHANNEL, TIME]},
    "image": {"axes": [Y, X, sized(CHANNEL, 3)], "dtype": "uint8"},
    "table": {"columns": None},
}
KINDS = (recordings, slices, volumes, scans, tables, pictures)
for name, kind, file, media_type in (found for files in KINDS for found in files()):
    keys = {"dtype": "float32", **KEYS.get(kind, {})}
    _, array, geometry = prepare(kind, file, media_type, **keys)
    stream = io.BytesIO()
    np.save(stream, array)
    place = geometry and [list(map(float, numbers)) for numbers in geometry]
    print(json.dumps([name, kind, encoded(file), encoded(stream.getvalue()), place]))
