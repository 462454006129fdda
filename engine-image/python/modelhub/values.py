"""Classes for what `infer` returns, and the care that all numbers in outputs get."""

from __future__ import annotations

from math import isfinite
from typing import Any, Iterable, List, Sequence, Tuple

import numpy as np

from .arrays import Array, is_finite
from .errors import OutputError


class LabelList(List[Tuple[str, float]]):
    """Labels with their probabilities, likeliest first; equals keep the order they come in.

    `pairs` are (label, probability); they stay in their order where they are not to be `ranked`.
    Raises OutputError for NaN and infinity.
    """

    def __init__(self, pairs: Iterable[tuple[str, float]], ranked: bool = True) -> None:
        found = [(str(label), shortest(probability)) for label, probability in pairs]
        if not all(isfinite(probability) for _, probability in found):
            raise non_finite()
        super().__init__(sorted(found, key=lambda pair: -pair[1]) if ranked else found)

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


def require_finite(array: Array) -> None:
    """Raise OutputError if a number is NaN or infinite."""
    if not is_finite(array):
        raise non_finite()


def non_finite() -> OutputError:
    """Return the error for NaN and infinity."""
    return OutputError("model gave non-finite numbers.")


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
