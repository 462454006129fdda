"""Handwritten digits: which of 0 to 9 a picture shows."""

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from modelhub import Context, LabelList
from PIL import Image

LABELS = [str(digit) for digit in range(10)]


def load(context: Context) -> ort.InferenceSession:
    """Make the model ready; called once. What it returns is the first argument of `infer`."""
    return ort.InferenceSession(context.weights(), providers=["CPUExecutionProvider"])


def preprocess_native(image: Image.Image) -> Image.Image:
    """Shrink a picture of any size to 8 x 8 grey pixels, each the mean of its part."""
    return image.convert("L").resize((8, 8), Image.Resampling.BOX)


def infer(model: ort.InferenceSession, image: npt.NDArray[np.uint8]) -> LabelList:
    """Map pixels (y, x), 8 x 8, to the ten digits with their probabilities, likeliest first.

    The model was trained on amounts of ink: 0 is white paper, 16 is black.
    """
    ink = (255 - image.astype(np.float32)) * (16 / 255)
    [probabilities] = model.run(None, {"ink": ink.reshape(1, 64)})
    return LabelList.from_scores(probabilities, LABELS, top=10)
