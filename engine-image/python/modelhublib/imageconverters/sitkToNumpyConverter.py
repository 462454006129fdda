"""SimpleITK images to arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from .imageConverter import ImageConverter, stacked


class SitkToNumpyConverter(ImageConverter):
    """Makes float32 [1, z, height, width] of a SimpleITK image."""

    def _convert(self, image: Any) -> np.ndarray[Any, Any]:
        import SimpleITK

        if not isinstance(image, SimpleITK.Image):
            raise OSError("It is no SimpleITK image.")
        return stacked(SimpleITK.GetArrayFromImage(image))
