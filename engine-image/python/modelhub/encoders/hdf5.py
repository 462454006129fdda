"""HDF5: one file, a dataset for each output, with what describes it as attributes.

Integers are compressed, since masks shrink a hundredfold; floats hardly shrink and lie as they are.
"""

from __future__ import annotations

import json
from importlib import import_module
from importlib.util import find_spec
from typing import Any, BinaryIO, Mapping, Sequence

import numpy as np

from ..errors import SetupError
from ..outputs import Prediction
from ..sources import Source
from .encoded import Encoded, Format, Identity
from .records import rows_of, structured

MEDIA_TYPE = "application/x-hdf5"


def encode(
    outputs: Sequence[Prediction], identity: Identity, sources: Mapping[str, Source]
) -> list[Encoded]:
    """Return one file with all outputs. Raises SetupError without h5py."""
    return [hdf5_file("outputs", outputs, identity)]


def hdf5_file(name: str, outputs: Sequence[Prediction], identity: Identity) -> Encoded:
    """Return a file with the outputs. Raises SetupError without h5py."""
    if not has_h5py():
        raise SetupError(
            "HDF5 is written by h5py, and the runtime has none: add h5py to what its Dockerfile "
            "installs, or ask for npy."
        )
    return Encoded(name, MEDIA_TYPE, f"{name}.h5", lambda stream: save(stream, outputs, identity))


def has_h5py() -> bool:
    """Whether the runtime has h5py."""
    return find_spec("h5py") is not None


def save(stream: BinaryIO, outputs: Sequence[Prediction], identity: Identity) -> None:
    """Write the file. The identity is attributes of the root."""
    h5py = import_module("h5py")
    with h5py.File(stream, "w") as file:
        for key, value in identity.items():
            set_attribute(file, "model" if key == "id" else key, value)
        for output in outputs:
            dataset = file.create_dataset(output.name, **content(output, h5py.string_dtype()))
            for key, value in output.described().items():
                if key not in ("shape", "dtype"):
                    set_attribute(dataset, key, value)


def content(output: Prediction, text: Any) -> dict[str, Any]:
    """Return what `create_dataset` takes for an output; `text` is the dtype of texts."""
    value = output.value
    if isinstance(value, np.ndarray):
        # Readers in other languages know no booleans.
        array = value.view(np.uint8) if value.dtype == bool else value
        packed = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
        return {"data": array, **(packed if array.dtype.kind in "iu" and array.size else {})}
    table = rows_of(output)
    if table is None:
        return {"data": value if output.type == "text" else json.dumps(value), "dtype": text}
    rows = structured(table)
    fields = [
        (name, text if rows.dtype[name].hasobject else rows.dtype[name])
        for name in rows.dtype.names or ()
    ]
    return {"data": rows.astype(fields), "dtype": np.dtype(fields)}


def set_attribute(place: Any, key: str, value: Any) -> None:
    """Set an attribute, an object as JSON; None is left out."""
    if value is not None:
        place.attrs[key] = json.dumps(value) if isinstance(value, dict) else value


FORMAT = Format(lambda output: None, encode)
