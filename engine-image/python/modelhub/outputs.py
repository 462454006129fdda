"""Typed outputs: what `infer` returned, held to the config, and its form in a reply."""

from __future__ import annotations

import base64
from typing import Any, Callable, Mapping, Sequence

import numpy as np

from .arrays import dtype_name
from .config import Output
from .errors import OutputError
from .geometry import Geometry
from .typed_arrays import heatmap, image, mask, vector
from .typed_records import (
    Json,
    bounding_boxes,
    contour,
    custom,
    keypoints,
    label_list,
    table,
    text,
)
from .values import LabelList, Vector, shortest_numbers

__all__ = ["LabelList", "Prediction", "Vector", "predictions"]

#: What reads each type of output; each raises OutputError.
TYPES: dict[str, Callable[[Output, Any], Any]] = {
    "label_list": label_list,
    "vector": vector,
    "mask": mask,
    "heatmap": heatmap,
    "image": image,
    "contour": contour,
    "bounding_boxes": bounding_boxes,
    "keypoints": keypoints,
    "text": text,
    "table": table,
    "custom": custom,
}


class Prediction:
    """One output of one request.

    `output` is the config's word on it. `value` is an array (vector, mask, heatmap, image), a
    LabelList, or else what JSON has for it. `geometry` tells where an array lies in space.
    """

    def __init__(self, output: Output, value: Any, geometry: Geometry | None = None) -> None:
        self.output = output
        self.name = output.id
        self.type = output.type
        self.description = output.description
        self.value = value
        self.geometry = geometry

    @property
    def shape(self) -> list[int]:
        """Size of each axis, or the number of entries; empty for text and custom."""
        if isinstance(self.value, np.ndarray):
            return list(self.value.shape)
        if self.type == "table":
            return [len(self.value["rows"]), len(self.value["columns"])]
        return [] if self.type in ("text", "custom") else [len(self.value)]

    @property
    def prediction(self) -> Json:
        """The output in JSON: numbers nested by axis, an image as a `data:` address."""
        if self.type == "image":
            return "data:image/png;base64," + base64.b64encode(self.png()).decode()
        if isinstance(self.value, LabelList):
            return [{"label": label, "probability": number} for label, number in self.value]
        if isinstance(self.value, np.ndarray):
            return shortest_numbers(self.value).tolist()
        return self.value

    def png(self) -> bytes:
        """Return an image as a PNG file."""
        from .encoders.png_file import png_bytes
        from .pictures import picture

        return png_bytes(picture(self.output, self.value))

    def described(self) -> dict[str, Json]:
        """Return all of the reply's form but the prediction itself."""
        output = self.output
        parts: dict[str, Json] = {"name": self.name, "type": self.type, "shape": self.shape}
        if output.description is not None:
            parts["description"] = output.description
        if output.unit is not None:
            parts["unit"] = output.unit
        if not isinstance(self.value, np.ndarray):
            return parts
        parts["dtype"] = dtype_name(self.value.dtype)
        if output.axes:
            parts["axes"] = [axis.name for axis in output.axes]
        if output.labels:
            parts["labels"] = {str(value): name for value, name in output.labels.items()}
        if self.geometry:
            parts.update({key: list(value) for key, value in self.geometry._asdict().items()})
        return parts

    def as_json(self) -> dict[str, Json]:
        """Return the whole as it stands in a reply."""
        return {**self.described(), "prediction": self.prediction}

    def __repr__(self) -> str:
        return f"Prediction({self.name!r}, {self.value!r})"


def predictions(
    outputs: Sequence[Output],
    given: Any,
    geometries: Mapping[str, Geometry | None] | None = None,
) -> list[Prediction]:
    """Return what the model gave as predictions, in the config's order.

    `given` is the value of the one output, or a dict by output id; `geometries` are those of the
    inputs, by id. Raises OutputError.
    """
    values = by_id(outputs, given)
    known = geometries or {}
    return [
        Prediction(output, typed(output, values[output.id]), known.get(output.grid or ""))
        for output in outputs
    ]


def by_id(outputs: Sequence[Output], given: Any) -> dict[str, Any]:
    """Return the values by output id. Raises OutputError for a missing or unknown id."""
    ids = [output.id for output in outputs]
    if len(ids) == 1 and not (isinstance(given, dict) and set(given) == set(ids)):
        if isinstance(given, dict) and outputs[0].type not in ("table", "custom"):
            raise unknown_ids(given, ids)
        return {ids[0]: given}
    if not isinstance(given, dict):
        raise OutputError(
            f"model gave {type(given).__name__}; "
            f"with several outputs infer returns a dict with the keys {', '.join(ids)}."
        )
    if set(given) != set(ids):
        raise unknown_ids(given, ids)
    return given


def unknown_ids(given: Mapping[Any, Any], ids: Sequence[str]) -> OutputError:
    """Return the error for a dict that has other keys than the config's outputs."""
    keys = ", ".join(map(str, given)) or "none"
    return OutputError(f"model gave the outputs {keys}; the config has {', '.join(ids)}.")


def typed(output: Output, value: Any) -> Any:
    """Return a value in the type, dtype and shape of its output. Raises OutputError."""
    try:
        return TYPES[output.type](output, value)
    except OutputError as error:
        raise OutputError(f"Output '{output.id}': {error}") from error
