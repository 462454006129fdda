"""NumPy's own files: one for each array."""

from __future__ import annotations

from typing import Mapping, Sequence

import numpy as np

from ..outputs import Prediction
from ..sources import Source
from .encoded import Encoded, Format, Identity, refuse_type


def encode(
    outputs: Sequence[Prediction], identity: Identity, sources: Mapping[str, Source]
) -> list[Encoded]:
    """Return one file for each output."""
    return [npy_file(output) for output in outputs]


def npy_file(output: Prediction) -> Encoded:
    """Return the file of an array."""
    return Encoded(
        output.name,
        "application/x-npy",
        f"{output.name}.npy",
        lambda stream: np.save(stream, output.value, allow_pickle=False),
    )


FORMAT = Format(refuse_type("npy holds arrays", "vector", "mask", "heatmap", "image"), encode)
