"""MLServer with one worker: `mlserver start .`."""

from __future__ import annotations

import io

import numpy as np
from mlserver import MLModel
from mlserver.codecs import Base64Codec, NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse
from PIL import Image


class Noop(MLModel):
    """Takes a picture in base64, or numbers."""

    async def load(self) -> bool:
        """Nothing to load."""
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Return the numbers, or the corner pixel."""
        (given,) = payload.inputs
        if given.name == "x":
            output = NumpyCodec.encode_output("y", NumpyCodec.decode_input(given))
        else:
            (content,) = Base64Codec.decode_input(given)
            pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
            output = NumpyCodec.encode_output("probability", pixels[0, 0, :1] / 255)
        return InferenceResponse(model_name=self.name, outputs=[output])
