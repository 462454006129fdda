"""modelhub.json as the engine reads it.

The registry's schema holds the document to its full shape. Here only the keys that the engine
works with are read, and what is missing is said in a sentence.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import numpy as np

from .axes import Axis, Size
from .contribution import LEGACY_FILE, is_legacy
from .errors import ConfigError

CONFIG_FILE = "modelhub.json"
OUTPUT_TYPES = (
    "label_list",
    "vector",
    "mask",
    "heatmap",
    "image",
    "contour",
    "bounding_boxes",
    "keypoints",
    "text",
    "table",
    "custom",
)


class Input(NamedTuple):
    """What the model takes. `dtype` and `axes` are those of the array that `infer` gets."""

    id: str
    kind: str
    media_types: tuple[str, ...]
    axes: tuple[Axis, ...]
    dtype: np.dtype[Any]
    range: tuple[float, float] | None
    preprocessing: tuple[dict[str, Any], ...] = ()
    tensor: str | None = None
    sample_rate: int | None = None
    columns: tuple[str, ...] | None = None


class Output(NamedTuple):
    """What the model gives. `labels` says what the values of a mask stand for.

    `tensors` are the network's outputs that it is joined from, where no code runs the network.
    """

    id: str
    type: str
    description: str | None
    axes: tuple[Axis, ...] | None
    dtype: np.dtype[Any] | None
    tolerance: dict[str, float]
    postprocessing: tuple[dict[str, Any], ...] = ()
    tensors: tuple[str, ...] = ()
    unit: str | None = None
    labels: dict[int, str] | None = None
    columns: tuple[str, ...] | None = None
    grid: str | None = None
    schema: dict[str, Any] | None = None


class Sample(NamedTuple):
    """A sample: one file for each input, and the file with the outputs that are expected."""

    id: str
    title: str
    inputs: dict[str, str]
    expected: str


class Weights(NamedTuple):
    """A file of weights: its name in the image, and its path in the folder if it lies there."""

    id: str
    name: str
    path: str | None
    sha256: str
    format: str = "other"


class Config:
    """The config of one model; `document` is the JSON as it was read.

    Raises ConfigError for a key that is missing or of the wrong kind.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        try:
            self.id: str = document["id"]
            self.title: str = document["title"]
            self.summary: str = document.get("summary", "")
            model = document.get("model", {})
            self.entrypoint: str = model.get("entrypoint", "model.py")
            #: Most requests that the model takes at once.
            self.batch_size: int = model.get("batch", {}).get("maxSize", 1)
            self.weights = tuple(map(read_weights, document["weights"]))
            self.inputs = tuple(map(read_input, document["inputs"]))
            self.outputs = tuple(map(read_output, document["outputs"]))
            self.samples = tuple(map(read_sample, document.get("samples", [])))
        except KeyError as error:
            raise ConfigError(f"{CONFIG_FILE} lacks the key {error}.") from error
        except (TypeError, ValueError, AttributeError) as error:
            raise ConfigError(f"{CONFIG_FILE} can't be read: {error}.") from error


def config_file(folder: Path) -> Path:
    """Return the path of the config in a model's folder."""
    return folder / (LEGACY_FILE if is_legacy(folder) else CONFIG_FILE)


def read_config(folder: Path) -> Config:
    """Read the config of a model's folder, also of an old contrib_src. Raises ConfigError."""
    if is_legacy(folder):
        from .legacy_config import legacy_document

        return Config(legacy_document(folder))
    path = folder / CONFIG_FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise ConfigError(f"{path} can't be read: {reason}.") from error
    except ValueError as error:
        raise ConfigError(f"{CONFIG_FILE} is no JSON: {error}.") from error
    if not isinstance(document, dict):
        raise ConfigError(f"{CONFIG_FILE} is no JSON object.")
    return Config(document)


def read_input(value: dict[str, Any]) -> Input:
    """Read one of `inputs`."""
    limits = value.get("range")
    columns = value.get("columns")
    return Input(
        id=value["id"],
        kind=value["kind"],
        media_types=tuple(value["mediaTypes"]),
        axes=tuple(map(read_axis, value["axes"])),
        dtype=np.dtype(value["dtype"]),
        range=None if limits is None else (limits["min"], limits["max"]),
        preprocessing=tuple(value.get("preprocessing", ())),
        tensor=value.get("tensor"),
        sample_rate=value.get("sampleRate"),
        columns=None if columns is None else tuple(columns),
    )


def read_output(value: dict[str, Any]) -> Output:
    """Read one of `outputs`."""
    if value["type"] not in OUTPUT_TYPES:
        raise ValueError(f"output type {value['type']!r} is none of {', '.join(OUTPUT_TYPES)}")
    axes, labels, columns = value.get("axes"), value.get("labels"), value.get("columns")
    tensor = value.get("tensor", ())
    return Output(
        id=value["id"],
        type=value["type"],
        description=value.get("description"),
        axes=None if axes is None else tuple(map(read_axis, axes)),
        dtype=np.dtype(value["dtype"]) if "dtype" in value else None,
        tolerance=value.get("tolerance", {}),
        postprocessing=tuple(value.get("postprocessing", ())),
        tensors=(tensor,) if isinstance(tensor, str) else tuple(tensor),
        unit=value.get("unit"),
        labels=None if labels is None else {int(key): name for key, name in labels.items()},
        columns=None if columns is None else tuple(columns),
        grid=value.get("grid"),
        schema=read_schema(value),
    )


def read_schema(value: dict[str, Any]) -> dict[str, Any] | None:
    """Read the JSON Schema of an output. Raises ConfigError for one that can't be held to."""
    schema: dict[str, Any] | None = value.get("schema")
    if schema is None:
        return None
    from .json_schema import require_known

    try:
        require_known(schema)
    except ConfigError as error:
        raise ConfigError(f"Output '{value['id']}': {error}") from error
    return schema


def read_axis(value: dict[str, Any]) -> Axis:
    """Read one axis; its `size` is a number, a range, or absent."""
    size = value.get("size")
    if isinstance(size, int):
        return Axis(value["name"], value["type"], Size(size, size, 1))
    if size is not None:
        size = Size(size["min"], size.get("max"), size.get("step", 1))
    return Axis(value["name"], value["type"], size)


def read_sample(value: dict[str, Any]) -> Sample:
    """Read one of `samples`."""
    return Sample(value["id"], value.get("title", value["id"]), value["inputs"], value["expected"])


def read_weights(value: dict[str, Any]) -> Weights:
    """Read one of `weights`. The file is named as in `path`, else as in `source`."""
    path = value.get("path")
    name = (path or source_file(value["source"])).rsplit("/", 1)[-1]
    return Weights(value["id"], name, path, value["sha256"], value.get("format", "other"))


def source_file(source: str) -> str:
    """Return the path of the file in a source: after # in a package URL, else the URL's path."""
    url = urlsplit(source)
    return url.fragment if url.scheme == "pkg" else url.path
