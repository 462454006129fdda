"""A model that needs nothing but its weights: the mean grey value, as two labels."""

from pathlib import Path

import numpy as np
from modelhub import Context


def load(context: Context) -> float:
    return float(Path(context.weights()).read_text())


def infer(model: float, image: np.ndarray) -> list[dict[str, object]]:
    light = min(1.0, float(image.mean()) / model)
    labels = [("light", light), ("dark", 1 - light)]
    return [{"label": label, "probability": value} for label, value in sorted(labels, key=lambda one: -one[1])]
