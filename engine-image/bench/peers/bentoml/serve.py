"""BentoML: `bentoml serve serve:Noop`."""

from __future__ import annotations

import bentoml
import numpy as np
from PIL import Image


@bentoml.service
class Noop:
    """Takes a picture as a form."""

    @bentoml.api
    def picture(self, file: Image.Image) -> dict:
        """Return the corner pixel as a probability."""
        pixels = np.asarray(file.convert("RGB"))
        return {"label": "corner", "probability": float(pixels[0, 0, 0]) / 255}
