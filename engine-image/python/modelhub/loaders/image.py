"""Pictures."""

from __future__ import annotations

import warnings
from typing import Any

from ..axes import by, misfit
from ..config import Input
from ..errors import InputError, InputOutsideLimits, InputUndecodable
from ..libraries import library
from ..limits import MAX_PIXELS
from ..sources import Source
from .loader import Loader, Native

#: Tag of the orientation in EXIF; 1 is upright.
ORIENTATION = 0x0112

TOO_MANY_PIXELS = f"has too many pixels: at most {MAX_PIXELS // 1_000_000} megapixels are read"


class ImageLoader(Loader):
    """Pictures, by Pillow, to a decoded PIL image that stands upright (EXIF orientation).

    Of an animation, that is its first frame.
    """

    media_types = (
        "image/png",
        "image/jpeg",
        "image/bmp",
        "image/webp",
        "image/tiff",
        "image/gif",
    )

    def __init__(self, input: Input, resized: bool = False) -> None:
        super().__init__(input, resized)
        self._image = library("PIL.Image", "Pillow", input.id, "is an image")
        self._upright = library("PIL.ImageOps", "Pillow", input.id, "is an image").exif_transpose
        self._image.preinit()
        self._sides = PixelAxes(self)
        self._bomb = (self._image.DecompressionBombError, self._image.DecompressionBombWarning)

    def load(self, source: Source, media_type: str) -> Native:
        """Return a PIL image. Raises InputUndecodable and InputOutsideLimits."""
        form = media_type[len("image/") :].upper()
        with warnings.catch_warnings(), source.open() as stream:
            warnings.simplefilter("ignore")
            # Pillow only warns of an image between once and twice its own limit.
            warnings.simplefilter("error", self._bomb[1])
            try:
                # Only the format of the signature: no other decoder gets to see the bytes.
                image = self._image.open(stream, formats=[form])
                self._check_header(*image.size)
                image.load()
                image = self._turn_upright(image)
            except InputError:
                raise
            except self._bomb as error:
                raise InputOutsideLimits(f"{TOO_MANY_PIXELS}.") from error
            except Exception as error:
                # Damaged files make decoders raise nearly anything, struct.error to KeyError.
                raise InputUndecodable(f"can't be decoded as {media_type}.") from error
        self._sides.check(*image.size)
        return image

    def _check_header(self, width: int, height: int) -> None:
        """Check width and height as the header has them, before the pixels are decoded."""
        check_pixels(width, height)
        # Its orientation may be known only after decoding, so either way round will do.
        if not self._sides.take(height, width):
            self._sides.check(width, height)

    def _turn_upright(self, image: Any) -> Any:
        try:
            orientation = image.getexif().get(ORIENTATION, 1)
        except Exception:
            # Damaged EXIF says nothing of how the image stands; viewers show it as it is.
            return image
        return image if orientation == 1 else self._upright(image)


class PixelAxes:
    """The axes of a loader's input that run over an image's pixels."""

    def __init__(self, loader: Loader) -> None:
        self._axes = [axis for axis in loader.checked_axes if axis.type == "space"]

    def take(self, width: int, height: int) -> bool:
        """Whether the axes take an image of this size."""
        return self._misfit(width, height) is None

    def check(self, width: int, height: int) -> None:
        """Raise InputOutsideLimits unless the axes take an image of this size."""
        wrong = self._misfit(width, height)
        if wrong:
            raise InputOutsideLimits(f"{wrong}.")

    def _misfit(self, width: int, height: int) -> str | None:
        sizes = [width if axis.name in ("x", "width") else height for axis in self._axes]
        return misfit(self._axes, sizes)


def check_pixels(width: int, height: int) -> None:
    """Raise InputOutsideLimits for more pixels than are read."""
    if width * height > MAX_PIXELS:
        raise InputOutsideLimits(
            f"{TOO_MANY_PIXELS}; it has {by((width, height))} = {width * height / 1e6:.1f}."
        )
