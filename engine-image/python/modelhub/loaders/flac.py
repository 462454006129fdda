"""Recordings as FLAC."""

from __future__ import annotations

from ..archives import require_no_bomb
from ..config import Input
from ..errors import InputUndecodable
from ..libraries import library
from ..recordings import Recording
from ..signatures import FLAC
from ..sources import Source
from .audio import AudioLoader
from .loader import Native

#: Bytes up to the end of what STREAMINFO, always the first block, says of the samples.
HEADER_BYTES = 26


class FlacLoader(AudioLoader):
    """FLAC, by soundfile, to a Recording."""

    media_types = (FLAC,)

    def __init__(self, input: Input, resized: bool = False) -> None:
        super().__init__(input, resized)
        self._soundfile = library("soundfile", "soundfile", input.id, "takes FLAC")

    def load(self, source: Source, media_type: str) -> Native:
        """Return a Recording. Raises InputUndecodable and InputOutsideLimits."""
        frames, channels, sample_rate = read_header(source.head(HEADER_BYTES))
        self.check_recording(frames, channels, sample_rate)
        require_no_bomb(source.size(), frames * channels * 4)
        with source.open() as stream, self._soundfile.SoundFile(stream) as file:
            samples = file.read(frames, dtype="float32", always_2d=True)
        if samples.shape != (frames, channels):
            raise InputUndecodable(f"has {len(samples):,} samples; its header says {frames:,}.")
        return Recording(samples, sample_rate)


def read_header(head: bytes) -> tuple[int, int, int]:
    """Return samples, channels and samples per second. Raises InputUndecodable."""
    if len(head) < HEADER_BYTES or head[4] & 0x7F != 0:
        raise InputUndecodable("is truncated in its header.")
    # 20 bits of sample rate, 3 of channels less one, 5 of bits less one, 36 of samples.
    bits = int.from_bytes(head[18:26], "big")
    frames = bits & (2**36 - 1)
    if frames == 0:
        raise InputUndecodable("doesn't say in its header how many samples it has.")
    return frames, (bits >> 41 & 7) + 1, bits >> 44
