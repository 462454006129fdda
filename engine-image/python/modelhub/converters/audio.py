"""Recordings."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array
from ..config import Input
from ..errors import ConfigError, InputOutsideLimits
from ..recordings import Recording
from ..resample import resample
from .converter import Converter, batch_places, cast, is_single_batch


class AudioConverter(Converter):
    """Recordings, to samples at the config's rate. Floats are from -1 to 1, integers full scale.

    Without a channel axis, and with one of size 1, channels are averaged; a single channel becomes
    as many as there should be. Raises ConfigError for axes that no recording has.
    """

    def __init__(self, input: Input) -> None:
        super().__init__(input)
        axes = [axis for axis in input.axes if not is_single_batch(axis)]
        if sorted(axis.type for axis in axes) not in (["time"], ["channel", "time"]):
            raise ConfigError(
                f"Input '{input.id}': a recording has one time axis, and maybe a channel axis and "
                "a batch axis of size 1."
            )
        self._order = [("time", "channel").index(axis.type) for axis in axes]
        self._channels = [axis for axis in axes if axis.type == "channel"]

    def accepts(self, native: Any) -> bool:
        """Whether it is a recording."""
        return isinstance(native, Recording)

    def convert(self, native: Any) -> Array:
        """Return the recording as an array."""
        samples = self._mix(np.asarray(native.samples, np.float32))
        samples = resample(
            samples, native.sample_rate, self.input.sample_rate or native.sample_rate
        )
        if self.input.dtype.kind in "iu":
            samples = full_scale(samples, self.input.dtype)
        array = samples[:, 0] if len(self._order) == 1 else samples.transpose(self._order)
        return np.expand_dims(cast(array, self.input), batch_places(self.input))

    def _mix(self, samples: Array) -> Array:
        """Return samples [time, channel] with as many channels as the axes take."""
        have = samples.shape[1]
        size = self._channels[0].size if self._channels else None
        if not self._channels or (size is not None and size.max == 1):
            return np.asarray(samples.mean(axis=1, keepdims=True))
        if size is None or size.allows(have):
            return samples
        if have == 1:
            return np.repeat(samples, size.min, axis=1)
        raise InputOutsideLimits(
            f"has {have} channels; axis {self._channels[0].name} takes {size}."
        )


def full_scale(samples: Array, dtype: np.dtype[Any]) -> Array:
    """Return samples from -1 to 1 as integers of a signed dtype, the greatest for 1."""
    limits = np.iinfo(dtype)
    scaled = np.round(samples.astype(np.float64) * (limits.max + 1))
    return np.asarray(np.clip(scaled, limits.min, limits.max))
