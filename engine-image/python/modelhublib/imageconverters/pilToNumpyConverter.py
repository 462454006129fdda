"""PIL images to arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from .imageConverter import ImageConverter, stacked


class PilToNumpyConverter(ImageConverter):
    """Makes float32 [1, colours, height, width] of a PIL image."""

    def _convert(self, image: Any) -> np.ndarray[Any, Any]:
        from PIL import Image

        if not isinstance(image, Image.Image):
            raise OSError("It is no PIL image.")
        array = np.array(image)
        return stacked(array if array.ndim == 2 else np.moveaxis(array, -1, 0))
