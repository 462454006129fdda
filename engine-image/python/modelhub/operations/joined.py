"""One array out of several that a network gives: boxes, their scores and their classes."""

from __future__ import annotations

from typing import Sequence

import numpy as np

from ..arrays import Array
from ..axes import by
from .step import Misfit, as_float


def joined(arrays: Sequence[Array]) -> Array:
    """Return the arrays joined along their last axis, as float32.

    One that has an axis less than the others gives one number there. Raises Misfit.
    """
    most = max(array.ndim for array in arrays)
    parts = [array[..., np.newaxis] if array.ndim == most - 1 else array for array in arrays]
    if any(part.ndim != most or part.shape[:-1] != parts[0].shape[:-1] for part in parts):
        shapes = ", ".join(by(array.shape) for array in arrays)
        raise Misfit(f"has tensors of {shapes}, which aren't alike but for their last axis")
    return np.concatenate([as_float(part) for part in parts], axis=-1)
