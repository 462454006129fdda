"""Change of the sample rate of a recording, by a polyphase filter."""

from __future__ import annotations

from math import gcd

import numpy as np

from .arrays import Array

#: Zero crossings of the sinc on each side; more make the edge of the pass band steeper.
CROSSINGS = 32

#: Shape of the Kaiser window: what lies beyond the new band is damped by about 80 dB.
BETA = 8.0

#: Share of the new band that is kept; the filter falls off in the rest.
PASS = 0.92


def resample(samples: Array, have: int, want: int) -> Array:
    """Return samples [time, channel], float32, at `want` Hz instead of `have`.

    A windowed sinc, cut off at 0.92 of the lower of both Nyquist rates. Before its start and after
    its end, the recording is silent. There are ceil(n · want / have) samples.
    """
    if have == want or len(samples) == 0:
        return samples
    up, down = want // gcd(have, want), have // gcd(have, want)
    cutoff = PASS * min(1.0, want / have)
    half = int(np.ceil(CROSSINGS / cutoff))
    count = -(-len(samples) * up // down)
    padded = np.pad(samples.astype(np.float32, copy=False), ((half - 1, half + 1), (0, 0)))
    # All windows of the filter's length, without a copy; shape [start, channel, time].
    step, across = padded.strides
    windows = np.lib.stride_tricks.as_strided(
        padded, (len(samples), samples.shape[1], 2 * half), (step, across, step), writeable=False
    )
    resampled = np.empty((count, samples.shape[1]), np.float32)
    # Outputs that are `up` apart lie at the same place between two samples, and share the weights.
    for phase in range(min(up, count)):
        start, rest = divmod(phase * down, up)
        weights = kernel(np.arange(1 - half, half + 1) - rest / up, cutoff, half)
        targets = resampled[phase::up]
        targets[:] = windows[start::down][: len(targets)] @ weights
    return resampled


def kernel(times: Array, cutoff: float, half: int) -> Array:
    """Return the weights of samples that lie `times` from the output; a constant stays itself."""
    window = np.i0(BETA * np.sqrt(np.clip(1 - (times / half) ** 2, 0, None)))
    weights = np.sinc(cutoff * times) * window
    return np.asarray(weights / weights.sum(), np.float32)
