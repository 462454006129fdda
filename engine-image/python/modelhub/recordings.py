"""A recording: samples of sound."""

from __future__ import annotations

from typing import NamedTuple

from .arrays import Array


class Recording(NamedTuple):
    """Samples as float32 from -1 to 1, shape [time, channel], and how many there are per second."""

    samples: Array
    sample_rate: int
