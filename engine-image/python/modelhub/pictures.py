"""Arrays as pictures: one plane, with channels last."""

from __future__ import annotations

import numpy as np

from .arrays import Array
from .axes import by
from .config import Output
from .layout import layout

CHANNELS = (1, 3, 4)


def picture_axes(output: Output, shape: tuple[int, ...]) -> tuple[int, int, int | None] | str:
    """Return the places of the axes y, x and channel (None: one channel) of an image.

    Without axes in the config, channels come last. Returns a clause where it is no picture.
    """
    if output.axes is None and len(shape) == 3 and shape[-1] in CHANNELS:
        return 0, 1, 2
    found = layout(output.axes, shape)
    expected = "an image is one plane, grey (1), RGB (3) or RGBA (4)"
    if found is None or found.z is not None or 0 in shape:
        return f"an array of {by(shape)}; {expected}"
    if not found.others:
        return found.y, found.x, None
    [channel, *more] = found.others
    if more or shape[channel] not in CHANNELS:
        return f"an array of {by(shape)}; {expected}"
    return found.y, found.x, channel


def picture(output: Output, array: Array) -> Array:
    """Return an image as its PNG holds it: [y, x] or [y, x, channel], uint8 or uint16."""
    places = picture_axes(output, array.shape)
    assert not isinstance(places, str)
    y, x, channel = places
    front = [place for place in range(array.ndim) if place not in places]
    order = [*front, y, x] if channel is None else [*front, y, x, channel]
    array = array.transpose(order)
    array = array.reshape(array.shape[len(front) :])
    if channel is not None and array.shape[2] == 1:
        array = array[..., 0]
    if array.dtype == bool:
        return array.astype(np.uint8) * np.uint8(255)
    if array.dtype.kind == "f":
        array = np.rint(array * 255).astype(np.uint8)
    return array


def plane(output: Output, array: Array) -> Array | None:
    """Return a mask or heatmap as [y, x]; None where it is more than one plane."""
    found = layout(output.axes, array.shape)
    if found is None or found.z is not None or found.others:
        return None
    front = [place for place in range(array.ndim) if place not in (found.y, found.x)]
    turned: Array = array.transpose([*front, found.y, found.x])
    return turned.reshape(turned.shape[-2:])
