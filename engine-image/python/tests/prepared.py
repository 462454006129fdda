"""What tests of inputs share: an input by its config, through loader and converter."""

from __future__ import annotations

import io
import zipfile
from typing import Any, NamedTuple

from modelhub.arrays import Array
from modelhub.config import Input, read_input
from modelhub.converters import converters
from modelhub.geometry import Geometry
from modelhub.loaders import load, loaders
from modelhub.sources import Content, Source

Z, Y, X = ({"name": name, "type": "space"} for name in "zyx")
TIME = {"name": "time", "type": "time"}
CHANNEL = {"name": "channel", "type": "channel"}

KINDS: dict[str, dict[str, Any]] = {
    "image": {"mediaTypes": ["image/png", "application/dicom"], "axes": [Y, X]},
    "volume": {
        "mediaTypes": ["application/x-nifti", "application/x-nrrd", "application/dicom"],
        "axes": [Z, Y, X],
    },
    "array": {
        "mediaTypes": ["application/x-npy", "application/x-npz", "application/x-hdf5"],
        "axes": [{"name": name, "type": "index"} for name in ("row", "column")],
    },
    "audio": {"mediaTypes": ["audio/wav", "audio/flac"], "axes": [TIME]},
    "text": {"mediaTypes": ["text/plain"], "axes": [{"name": "character", "type": "index"}]},
    "table": {
        "mediaTypes": ["text/csv", "application/json"],
        "axes": [{"name": name, "type": "index"} for name in ("row", "column")],
        "columns": ["age", "weight"],
    },
    "file": {
        "mediaTypes": ["application/octet-stream"],
        "axes": [{"name": "byte", "type": "index"}],
    },
}


class Prepared(NamedTuple):
    """An input as the model's hooks and `infer` get it."""

    native: Any
    array: Array
    geometry: Geometry | None


def prepare(
    kind: str, content: Content, media_type: Any = None, resized: Any = False, **keys: Any
) -> Prepared:
    """Load and convert an input of a kind; `keys` are of its config. Raises InputError."""
    input = input_of(kind, **keys)
    chain = converters(input)
    native = load(Source(content, media_type), input, loaders(input, resized))
    converter = next(one for one in chain if one.accepts(native))
    return Prepared(native, converter.convert(native), converter.geometry(native))


def input_of(kind: str, **keys: Any) -> Input:
    """Return an input of a kind, other than usual by the keys of its config."""
    return read_input(input_keys(kind, **keys))


def input_keys(kind: str, **keys: Any) -> dict[str, Any]:
    """Return an input of a kind as it stands in a config."""
    return {"id": "x", "kind": kind, "dtype": "float32", **KINDS[kind], **keys}


def sized(axis: dict[str, Any], size: Any) -> dict[str, Any]:
    """Return the axis with a size."""
    return {**axis, "size": size}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()
