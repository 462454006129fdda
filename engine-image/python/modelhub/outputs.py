"""Typed outputs: what `infer` returns, and the form in which it goes to clients."""

from __future__ import annotations

from typing import Any, Iterable, List, Sequence, Tuple

import numpy as np

from .arrays import Array
from .axes import misfit
from .config import Output
from .errors import OutputError

#: The reply's form of an output: JSON values only.
Json = Any


class LabelList(List[Tuple[str, float]]):
    """Labels with their probabilities, likeliest first; equals keep the order they come in.

    `pairs` are (label, probability). Raises OutputError for NaN and infinity.
    """

    def __init__(self, pairs: Iterable[tuple[str, float]]) -> None:
        found = [(str(label), shortest(probability)) for label, probability in pairs]
        require_finite(np.array([probability for _, probability in found], dtype=np.float64))
        super().__init__(sorted(found, key=lambda pair: -pair[1]))

    @classmethod
    def from_scores(cls, scores: Any, labels: Sequence[str], top: int = 5) -> LabelList:
        """Return the `top` likeliest of all labels.

        `scores` is an array of shape [n] (or [1, n]) with a probability for each of the n
        labels. Raises OutputError for another shape, NaN and infinity.
        """
        array = np.asarray(scores)
        if array.size != len(labels) or array.size not in array.shape:
            raise OutputError(
                f"LabelList.from_scores: scores of shape {list(array.shape)} "
                f"for {len(labels)} labels."
            )
        array = array.reshape(-1)
        require_finite(array)
        order = np.argsort(-array.astype(np.float64), kind="stable")[:top]
        return cls((labels[index], array[index]) for index in order)


class Vector:
    """Numbers in an array of any shape; a single number gets the shape [1].

    Raises OutputError for NaN, infinity, and what isn't numbers.
    """

    def __init__(self, array: Any) -> None:
        self.array: Array = np.atleast_1d(np.asarray(array))
        if self.array.dtype.kind not in "biuf":
            raise OutputError(f"model gave an array of {self.array.dtype}; expected numbers.")
        require_finite(self.array)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(self.array, dtype=dtype) if copy else np.asarray(self.array, dtype=dtype)

    def __repr__(self) -> str:
        return f"Vector({self.array!r})"


class Prediction:
    """One output of one request. `value` is a LabelList, or the array of a vector."""

    def __init__(self, output: Output, value: LabelList | Array) -> None:
        self.name = output.id
        self.type = output.type
        self.description = output.description
        self.value = value

    @property
    def shape(self) -> list[int]:
        """Size of each axis; of a label_list, how many labels."""
        return [len(self.value)] if isinstance(self.value, list) else list(self.value.shape)

    @property
    def prediction(self) -> Json:
        """The output in JSON: objects with label and probability, or numbers nested by axis."""
        if isinstance(self.value, list):
            return [{"label": label, "probability": number} for label, number in self.value]
        return shortest_numbers(self.value).tolist()

    def as_json(self) -> dict[str, Json]:
        """Return the whole as it stands in a reply."""
        described = {} if self.description is None else {"description": self.description}
        return {
            "name": self.name,
            "type": self.type,
            **described,
            "shape": self.shape,
            "prediction": self.prediction,
        }

    def __repr__(self) -> str:
        return f"Prediction({self.name!r}, {self.value!r})"


def predictions(outputs: Sequence[Output], given: Any) -> list[Prediction]:
    """Return what the model gave as predictions, in the config's order.

    `given` is the value of the one output, or a dict by output id. Raises OutputError.
    """
    values = by_id(outputs, given)
    return [Prediction(output, typed(output, values[output.id])) for output in outputs]


def by_id(outputs: Sequence[Output], given: Any) -> dict[str, Any]:
    """Return the values by output id. Raises OutputError for a missing or unknown id."""
    ids = [output.id for output in outputs]
    if not isinstance(given, dict):
        if len(ids) == 1:
            return {ids[0]: given}
        raise OutputError(
            f"model gave {type(given).__name__}; "
            f"with several outputs infer returns a dict with the keys {', '.join(ids)}."
        )
    if set(given) != set(ids):
        keys = ", ".join(map(str, given)) or "none"
        raise OutputError(f"model gave the outputs {keys}; the config has {', '.join(ids)}.")
    return given


def typed(output: Output, value: Any) -> LabelList | Array:
    """Return a value in the type, dtype and shape of its output. Raises OutputError."""
    try:
        return label_list(value) if output.type == "label_list" else vector(output, value)
    except OutputError as error:
        raise OutputError(f"Output '{output.id}': {error}") from error


def label_list(value: Any) -> LabelList:
    """Return a LabelList, or the list of pairs made into one. Raises OutputError."""
    if isinstance(value, LabelList):
        return value
    try:
        return LabelList(value)
    except (TypeError, ValueError) as error:
        raise OutputError(
            f"model gave {type(value).__name__}; expected a list of (label, probability) pairs."
        ) from error


def vector(output: Output, value: Any) -> Array:
    """Return the array of a vector. Raises OutputError where dtype or axes aren't the config's."""
    if not isinstance(value, Vector):
        try:
            value = Vector(value)
        except (TypeError, ValueError, RuntimeError) as error:
            raise OutputError(f"model gave no array of numbers: {error}.") from error
    array: Array = value.array
    if output.axes is not None:
        wrong = misfit(output.axes, array.shape)
        if wrong:
            raise OutputError(f"model gave an array that {wrong}.")
    if output.dtype is None or output.dtype == array.dtype:
        return array
    if not np.can_cast(array.dtype, output.dtype, "same_kind"):
        raise OutputError(f"model gave {array.dtype}; the config says {output.dtype}.")
    with np.errstate(over="ignore"):
        array = array.astype(output.dtype)
    require_finite(array)
    return array


def require_finite(array: Array) -> None:
    """Raise OutputError if a number is NaN or infinite."""
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise OutputError("model gave non-finite numbers.")


def shortest(number: Any) -> float:
    """Return a number as a Python float that prints as briefly as its own dtype allows.

    A float32 of 0.1 becomes 0.1, not 0.10000000149011612.
    """
    return float(str(number)) if isinstance(number, np.floating) else float(number)


def shortest_numbers(array: Array) -> Array:
    """Return the array so that `tolist` gives the briefest numbers; see `shortest`."""
    if array.dtype.kind != "f" or array.dtype.itemsize >= 8:
        return array
    # By way of text: numpy prints each float in the fewest digits that give it back.
    return array.astype("U32").astype(np.float64)
