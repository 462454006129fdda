"""What loaders of recordings share: all is checked before the samples are decoded."""

from __future__ import annotations

from ..axes import misfit
from ..errors import InputOutsideLimits, InputUndecodable
from ..limits import MAX_CHANNELS, MAX_ELEMENTS, MAX_SAMPLE_RATE
from .loader import Loader


class AudioLoader(Loader):
    """A loader of recordings, to a Recording with the file's own sample rate and channels."""

    def check_recording(self, frames: int, channels: int, sample_rate: int) -> None:
        """Check what the header tells. Raises InputUndecodable and InputOutsideLimits."""
        if not 1 <= channels <= MAX_CHANNELS or not 1 <= sample_rate <= MAX_SAMPLE_RATE:
            raise InputUndecodable(
                f"has {channels:,} channels of {sample_rate:,} samples per second; read are "
                f"1 to {MAX_CHANNELS} of at most {MAX_SAMPLE_RATE:,}."
            )
        if frames == 0:
            raise InputOutsideLimits("has no samples.")
        resampled = -(-frames * (self.input.sample_rate or sample_rate) // sample_rate)
        if max(frames, resampled) * channels > MAX_ELEMENTS:
            raise InputOutsideLimits(
                f"has {max(frames, resampled) * channels:,} samples; "
                f"at most {MAX_ELEMENTS:,} are read."
            )
        axes = [axis for axis in self.checked_axes if axis.type == "time"]
        wrong = misfit(axes, [resampled] * len(axes))
        if wrong:
            raise InputOutsideLimits(f"{wrong}; it lasts {frames / sample_rate:.3g} seconds.")
