"""Pictures."""

from __future__ import annotations

import sys
from typing import Any, Sequence

import numpy as np

from ..arrays import Array
from ..config import Input
from ..errors import ConfigError, InputOutsideLimits
from ..geometry import Geometry
from .converter import Converter, batch_places, is_single_batch

#: Pillow's mode for a number of channels.
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


class ImageConverter(Converter):
    """PIL images of any mode. Values stay as in the file: 0 to 255 for 8 bits.

    Raises ConfigError for axes that no image has.
    """

    def __init__(self, input: Input) -> None:
        super().__init__(input)
        self._channels = channels(input)
        self._order = image_order(input)
        self._batch = batch_places(input)

    def accepts(self, native: Any) -> bool:
        """Whether it is a PIL image; if Pillow was never imported, nothing is."""
        image = sys.modules.get("PIL.Image")
        return image is not None and isinstance(native, image.Image)

    def convert(self, native: Any) -> Array:
        """Return the image as an array."""
        pixels = self._deep(native) if native.mode[0] in "IF" else self._plain(native)
        if len(self._order) == 2:
            pixels = pixels[:, :, 0]
        array = np.array(pixels.transpose(self._order), dtype=self.input.dtype, order="C")
        return np.expand_dims(array, self._batch) if self._batch else array

    def geometry(self, native: Any) -> Geometry | None:
        """Return where a slice of DICOM lies, as long as it has its size."""
        size, geometry = native.info.get("geometry", (None, None))
        return geometry if size == native.size else None

    def _plain(self, image: Any) -> Array:
        """Return 8-bit pixels, shape [height, width, channels]."""
        mode = MODES[self._channels]
        pixels = np.asarray(image if image.mode == mode else image.convert(mode))
        return pixels.reshape(image.height, image.width, self._channels)

    def _deep(self, image: Any) -> Array:
        """Return grey pixels of more than 8 bits, shape [height, width, channels].

        They keep their values where dtype or range of the input make room for them. Else 16 bits
        are brought to the scale of 8, which Pillow's own conversion would clip.
        """
        pixels = np.asarray(image)
        if not has_room(self.input):
            require_integers(pixels, 0, 65535)
            pixels = (pixels >> 8).astype(np.uint8)
        elif self.input.dtype.kind in "iu":
            limits = np.iinfo(self.input.dtype)
            require_integers(pixels, limits.min, limits.max)
        return np.repeat(pixels[:, :, np.newaxis], self._channels, axis=2)


def channels(input: Input) -> int:
    """Return how many channels the image has; without such an axis it is grey."""
    sizes = [axis.size for axis in input.axes if axis.type == "channel"]
    count = 1 if not sizes else 3 if sizes[0] is None else sizes[0].min
    if len(sizes) > 1 or count not in MODES or not np.can_cast(np.uint8, input.dtype):
        raise ConfigError(
            f"Input '{input.id}': an image has 1 to 4 channels on one axis, "
            "and a dtype that holds 0 to 255."
        )
    return count


def image_order(input: Input) -> Sequence[int]:
    """Return the order that brings [height, width, channels] to the config's, batch left out.

    Raises ConfigError for axes other than batch, channel and two of space.
    """
    places = {"y": 0, "height": 0, "x": 1, "width": 1}
    order = []
    for axis in input.axes:
        if axis.type == "channel":
            order.append(2)
        elif axis.type == "space" and axis.name in places:
            order.append(places[axis.name])
        elif not is_single_batch(axis):
            raise ConfigError(
                f"Input '{input.id}': an image has the space axes y and x, and maybe a channel "
                f"axis and a batch axis of size 1; axis {axis.name} ({axis.type}) is none of them."
            )
    if sorted(order) not in ([0, 1], [0, 1, 2]):
        raise ConfigError(f"Input '{input.id}': an image has one axis y and one axis x.")
    return order


def has_room(input: Input) -> bool:
    """Whether the input's values are declared to go beyond those of 8 bits."""
    if input.dtype.itemsize == 1:
        return False
    return input.dtype.kind in "iu" if input.range is None else input.range[1] > 255


def require_integers(pixels: Array, least: int, most: int) -> None:
    """Raise InputOutsideLimits unless all pixels are integers in this range."""
    if pixels.dtype.kind == "f" or pixels.min() < least or pixels.max() > most:
        raise InputOutsideLimits(
            f"has pixels of {pixels.dtype.name}; the model takes integers from {least} to {most}."
        )
