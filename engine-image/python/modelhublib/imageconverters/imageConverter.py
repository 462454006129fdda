"""The base of old converters."""

from __future__ import annotations

from typing import Any

import numpy as np


class ImageConverter:
    """A link of the chain: `_convert` makes an array of a type of images, or raises."""

    def __init__(self, successor: ImageConverter | None = None) -> None:
        self._successor = successor

    def setSuccessor(self, successor: ImageConverter | None) -> None:
        """Set the converter that is tried next."""
        self._successor = successor

    def convert(self, image: Any) -> np.ndarray[Any, Any]:
        """Return the array, by the first converter that can. Raises OSError."""
        try:
            return self._convert(image)
        except Exception as error:
            if self._successor is not None:
                return self._successor.convert(image)
            raise OSError(f"No converter takes a {type(image).__name__}.") from error

    def _convert(self, image: Any) -> np.ndarray[Any, Any]:
        """Return an array [batch, z or colour, height, width], or raise. To override."""
        raise NotImplementedError("_convert")


def stacked(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return an array [height, width] or [z or colour, height, width] as a float32 batch."""
    array = array[np.newaxis] if array.ndim == 2 else array
    return array[np.newaxis].astype(np.float32)
