"""Outputs as the worker sends them to the front: JSON, and files beside it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, NamedTuple, Sequence

import numpy as np

from ..outputs import Prediction
from ..processor import Result
from ..sources import Source
from .encoded import Encoded, Format, Identity
from .provenance import provenance

if TYPE_CHECKING:
    from ..engine import Engine

#: Elements of the largest array that JSON carries, and bytes of the largest image.
JSON_ELEMENTS = 16_384
JSON_IMAGE_BYTES = 64 * 1024

#: Formats that have no place for the model's identity.
ANONYMOUS = ("npy", "csv")

#: Bytes of outputs that travel in the frame itself: 1 MiB.
BODY_BYTES = 2**20


class Reply(NamedTuple):
    """`outputs` in JSON; each of `files` lies at a path, or at offset and bytes in `body`."""

    outputs: list[dict[str, Any]]
    files: list[dict[str, Any]]
    body: bytes


def worker_result(
    result: Result,
    encode: str,
    folder: str | os.PathLike[str],
    engine: Engine,
    sources: Mapping[str, Source],
) -> Reply:
    """Return the outputs in the format `encode`; what is large is written to `folder`.

    In JSON, an output that is large has no `prediction`; its file is named by its id. In any other
    format `outputs` only describe what is in the files, and carry what the format can't hold;
    "tensor" is one for the front alone. Raises FormatRefused, SetupError.
    """
    if encode == "json":
        return json_reply(result.outputs, folder, engine, sources)
    if encode == "tensor":
        return tensor_reply(result.outputs, folder)
    from . import encode as encode_outputs
    from . import format_named

    identity = {} if encode in ANONYMOUS else provenance(engine, sources)
    encoded = encode_outputs(result.outputs, encode, identity, sources)
    outputs = [beside_files(output, format_named(encode)) for output in result.outputs]
    return beside(outputs, encoded, sum(map(array_bytes, result.outputs)), folder)


def tensor_reply(outputs: Sequence[Prediction], folder: str | os.PathLike[str]) -> Reply:
    """Return each array as a file of its elements, described in `outputs`, and all else in JSON."""
    arrays = [output for output in outputs if isinstance(output.value, np.ndarray)]
    described = [
        output.described() if isinstance(output.value, np.ndarray) else output.as_json()
        for output in outputs
    ]
    return beside(described, list(map(tensor_file, arrays)), sum(map(array_bytes, arrays)), folder)


def tensor_file(output: Prediction) -> Encoded:
    """Return an array's elements alone: little-endian, the last axis fastest."""
    elements = np.ascontiguousarray(output.value).data
    return Encoded(
        output.name,
        "application/octet-stream",
        f"{output.name}.bin",
        lambda stream: stream.write(elements),
    )


def beside(
    outputs: list[dict[str, Any]],
    encoded: Sequence[Encoded],
    size: int,
    folder: str | os.PathLike[str],
) -> Reply:
    """Return the reply with its files: in its body, or in the folder where the arrays are large."""
    if size > BODY_BYTES:
        return Reply(outputs, [as_file(one, folder) for one in encoded], b"")
    body, files = b"", []
    for one in encoded:
        content = one.content
        files.append({**named(one), "offset": len(body), "bytes": len(content)})
        body += content
    return Reply(outputs, files, body)


def json_reply(
    outputs: Sequence[Prediction],
    folder: str | os.PathLike[str],
    engine: Engine,
    sources: Mapping[str, Source],
) -> Reply:
    """Return the outputs in JSON, and files of those that are too large for it."""
    identity: Identity | None = None
    parts, files = [], []
    for output in outputs:
        if not is_large(output):
            parts.append(output.as_json())
            continue
        identity = identity or provenance(engine, sources)
        encoded = large_file(output, identity)
        files.append(as_file(encoded, folder))
        parts.append({**output.described(), "mediaType": encoded.media_type})
    return Reply(parts, files, b"")


def beside_files(output: Prediction, format: Format) -> dict[str, Any]:
    """Return an output in JSON: described where a file holds it, or where it is too large."""
    if format.refuses(output) is None or is_large(output):
        return output.described()
    return output.as_json()


def is_large(output: Prediction) -> bool:
    """Whether an output is too large for JSON."""
    if output.type == "image":
        return array_bytes(output) > JSON_IMAGE_BYTES and len(output.png()) > JSON_IMAGE_BYTES
    return isinstance(output.value, np.ndarray) and output.value.size > JSON_ELEMENTS


def large_file(output: Prediction, identity: Identity) -> Encoded:
    """Return the file of a large output: PNG of an image, else HDF5, or .npy without h5py."""
    if output.type == "image":
        from .png import png_file

        return png_file(output, identity)
    from .hdf5 import has_h5py, hdf5_file
    from .npy import npy_file

    return hdf5_file(output.name, [output], identity) if has_h5py() else npy_file(output)


def array_bytes(output: Prediction) -> int:
    """Return how many bytes an output's array takes; 0 where it is none."""
    return output.value.nbytes if isinstance(output.value, np.ndarray) else 0


def as_file(encoded: Encoded, folder: str | os.PathLike[str]) -> dict[str, Any]:
    """Write a file and return its entry of `files`. The folder is made where it isn't there."""
    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    return {**named(encoded), "path": str(encoded.write(place))}


def named(encoded: Encoded) -> dict[str, Any]:
    """Return what every entry of `files` says."""
    return {"name": encoded.name, "mediaType": encoded.media_type, "file": encoded.file}
