"""Converters: a native object to an array in the config's axis order, channels and dtype."""

from __future__ import annotations

import sys
from typing import Any, Sequence

import numpy as np

from .arrays import Array
from .axes import Axis
from .config import Input
from .errors import ConfigError, InputOutsideLimits, InputUndecodable

#: Pillow's mode for a number of channels.
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


class Converter:
    """A link of the chain: turns some native objects into arrays for one input."""

    def __init__(self, input: Input) -> None:
        self.input = input

    def accepts(self, native: Any) -> bool:
        """Whether this converter takes the object."""
        raise NotImplementedError

    def convert(self, native: Any) -> Array:
        """Return a new, writable, C-ordered array of the input's dtype, axes in its order.

        Raises InputError; its sentence begins with the verb.
        """
        raise NotImplementedError


class ImageConverter(Converter):
    """PIL images of any mode. Values stay as in the file: 0 to 255 for 8 bits.

    Raises ConfigError for axes that no image has.
    """

    def __init__(self, input: Input) -> None:
        super().__init__(input)
        self._channels = channels(input)
        self._order = image_order(input)
        self._batch = tuple(i for i, axis in enumerate(input.axes) if axis.type == "batch")

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


class ArrayConverter(Converter):
    """Arrays whose axes are in the config's order already."""

    def accepts(self, native: Any) -> bool:
        """Whether it is an array."""
        return isinstance(native, np.ndarray)

    def convert(self, native: Any) -> Array:
        """Return the array in the input's dtype. NaN, infinity and values out of range raise."""
        with np.errstate(over="ignore"):
            array = np.array(native, dtype=self.input.dtype, order="C")
        if array.dtype.kind == "f" and not np.isfinite(array).all():
            raise InputUndecodable("holds NaN or infinity.")
        self._check_range(array)
        return array

    def _check_range(self, array: Array) -> None:
        if self.input.range is None or array.size == 0:
            return
        least, most = self.input.range
        if array.min() < least or array.max() > most:
            raise InputOutsideLimits(
                f"holds values from {array.min():g} to {array.max():g}; "
                f"the model takes {least:g} to {most:g}."
            )


def converters(input: Input) -> list[Converter]:
    """Return the chain of an input. Raises ConfigError for axes that can't be made."""
    if input.kind == "image":
        return [ImageConverter(input), ArrayConverter(input)]
    return [ArrayConverter(input)]


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


def is_single_batch(axis: Axis) -> bool:
    """Whether the axis is a batch that one image fills."""
    return axis.type == "batch" and (axis.size is None or axis.size.allows(1))


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
