"""A link of the chain of loaders."""

from __future__ import annotations

from typing import Any

from ..axes import Axis, misfit
from ..config import Input
from ..errors import InputOutsideLimits
from ..signatures import canonical, sniff
from ..sources import Source

#: What a loader makes; each says what that is.
Native = Any


class Loader:
    """Turns bytes of some media types into a native object.

    `input` is the config's input. `resized` tells that the model's preprocessing brings inputs to
    the axes' fixed sizes, so that files need to be only in the axes' ranges.

    A model that reads files of its own kind has a list `loaders` of classes derived from this one:
    each has `media_types` and `load`, and, for bytes that the engine doesn't know, `signature`.
    """

    media_types: tuple[str, ...] = ()

    #: Whether the input may come as several files.
    several = False

    def __init__(self, input: Input, resized: bool = False) -> None:
        self.input = input
        self.resized = resized

    def signature(self, head: bytes) -> bool:
        """Whether this loader takes a file that begins with `head`, up to 4096 bytes."""
        return sniff(head) in self.media_types

    def load(self, source: Source, media_type: str) -> Native:
        """Return the native object. Raises InputError; its sentence begins with the verb."""
        raise NotImplementedError

    def recognize(self, head: bytes, declared: str) -> str | None:
        """Return the media type of a file if this loader takes it, else None."""
        if not self.signature(head):
            return None
        for media_type in (sniff(head), declared):
            if media_type in self.media_types:
                return media_type
        return canonical(self.media_types[0])

    @property
    def checked_axes(self) -> list[Axis]:
        """The input's axes, those without a size that preprocessing is to bring about."""
        return [
            axis._replace(size=None) if self.resized and axis.size and axis.size.fixed else axis
            for axis in self.input.axes
        ]

    def check_shape(self, shape: tuple[int, ...]) -> None:
        """Raise InputOutsideLimits unless the axes of the config take this shape."""
        wrong = misfit(self.checked_axes, shape)
        if wrong:
            raise InputOutsideLimits(f"{wrong}.")
