"""Arrays, as they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from .imageConverter import ImageConverter


class NumpyToNumpyConverter(ImageConverter):
    """Passes an array on."""

    def _convert(self, image: Any) -> np.ndarray[Any, Any]:
        if not isinstance(image, np.ndarray):
            raise OSError("It is no array.")
        return image
