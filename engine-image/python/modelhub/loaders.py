"""Loaders: bytes to a native object. All is checked by signature and header before decoding."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from .axes import by, misfit
from .config import Input
from .errors import (
    InputError,
    InputOutsideLimits,
    InputUndecodable,
    MediaTypeRefused,
    SetupError,
)
from .limits import MAX_PIXELS
from .npy import NpyHeader, read_npy_header
from .signatures import HEAD_BYTES, NPY, canonical, sniff
from .sources import Source

#: What a loader makes: a PIL image, or an array.
Native = Any

OCTETS = "application/octet-stream"

#: Tag of the orientation in EXIF; 1 is upright.
ORIENTATION = 0x0112


class Loader:
    """A link of the chain: turns bytes of some media types into a native object.

    `input` is the config's input. `resized` tells that the model's preprocessing brings images
    to the axes' fixed sizes, so that files need to be only in the axes' ranges.
    """

    media_types: tuple[str, ...] = ()

    def __init__(self, input: Input, resized: bool = False) -> None:
        self.input = input
        self.resized = resized

    def load(self, source: Source, media_type: str) -> Native:
        """Return the native object. Raises InputError; its sentence begins with the verb."""
        raise NotImplementedError


class ImageLoader(Loader):
    """Pictures, by Pillow, to a decoded PIL image that stands upright (EXIF orientation)."""

    media_types = ("image/png", "image/jpeg", "image/bmp", "image/webp", "image/tiff")

    def __init__(self, input: Input, resized: bool = False) -> None:
        super().__init__(input, resized)
        try:
            # Only models that take images need Pillow in their runtime.
            from PIL import Image, ImageOps
        except ImportError as error:
            raise SetupError(
                f"Input '{input.id}' is an image, and the runtime has no Pillow to read it: "
                "add pillow to what its Dockerfile installs."
            ) from error
        Image.preinit()
        self._axes = [
            axis
            for axis in input.axes
            if axis.type == "space" and not (resized and axis.size and axis.size.fixed)
        ]
        self._image = Image
        self._upright = ImageOps.exif_transpose
        self._bomb = (Image.DecompressionBombError, Image.DecompressionBombWarning)

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
                self._check_header(image.size)
                image.load()
                image = self._turn_upright(image)
            except InputError:
                raise
            except self._bomb as error:
                raise InputOutsideLimits(f"{TOO_MANY_PIXELS}.") from error
            except Exception as error:
                # Damaged files make decoders raise nearly anything, struct.error to KeyError.
                raise InputUndecodable(f"can't be decoded as {media_type}.") from error
        self._check_size(image.size)
        return image

    def _check_header(self, size: tuple[int, int]) -> None:
        """Check width and height as the header has them, before the pixels are decoded."""
        width, height = size
        if width * height > MAX_PIXELS:
            raise InputOutsideLimits(
                f"{TOO_MANY_PIXELS}; it has {by((width, height))} = {width * height / 1e6:.1f}."
            )
        # Its orientation may be known only after decoding, so either way round will do.
        if self._misfit(height, width) and self._misfit(width, height):
            self._check_size(size)

    def _check_size(self, size: tuple[int, int]) -> None:
        wrong = self._misfit(size[1], size[0])
        if wrong:
            raise InputOutsideLimits(f"{wrong}.")

    def _misfit(self, height: int, width: int) -> str | None:
        sizes = [width if axis.name in ("x", "width") else height for axis in self._axes]
        return misfit(self._axes, sizes)

    def _turn_upright(self, image: Any) -> Any:
        try:
            orientation = image.getexif().get(ORIENTATION, 1)
        except Exception:
            # Damaged EXIF says nothing of how the image stands; viewers show it as it is.
            return image
        return image if orientation == 1 else self._upright(image)


TOO_MANY_PIXELS = f"has too many pixels: at most {MAX_PIXELS // 1_000_000} megapixels are read"


class NpyLoader(Loader):
    """Arrays in .npy form, to an array as it lies in the file."""

    media_types = (NPY,)

    def load(self, source: Source, media_type: str) -> Native:
        """Return an array. Raises InputUndecodable and InputOutsideLimits."""
        with source.open() as stream:
            header = read_npy_header(stream, source.size())
            self._check(header)
            array = np.frombuffer(stream.read(), header.dtype)
        return array.reshape(header.shape, order="F" if header.fortran_order else "C")

    def _check(self, header: NpyHeader) -> None:
        wrong = misfit(self.input.axes, header.shape)
        if wrong:
            raise InputOutsideLimits(f"{wrong}.")
        if header.elements == 0:
            raise InputOutsideLimits("has no elements.")
        if not fits(header.dtype, self.input.dtype):
            raise InputOutsideLimits(
                f"holds {header.dtype.name}; the model takes {self.input.dtype}. "
                f"In numpy, array.astype('{self.input.dtype}') converts it."
            )


def fits(have: np.dtype[Any], want: np.dtype[Any]) -> bool:
    """Whether an array may become the wanted dtype: without loss, or from float to float."""
    return np.can_cast(have, want, "safe") or (have.kind == "f" and want.kind == "f")


def loaders(input: Input, resized: bool) -> list[Loader]:
    """Return the chain of an input. Raises SetupError where a library is missing."""
    chain: list[type[Loader]] = [ImageLoader] if input.kind == "image" else [NpyLoader]
    return [loader(input, resized) for loader in chain]


def load(source: Source, input: Input, chain: list[Loader]) -> Native:
    """Return the native object, made by the first loader that takes the bytes.

    Raises MediaTypeRefused where signature or declared media type isn't one that the input
    accepts, InputUndecodable and InputOutsideLimits; their sentences begin with the verb.
    """
    media_type = check_media_type(source, input)
    for loader in chain:
        if media_type in loader.media_types:
            return loader.load(source, media_type)
    raise MediaTypeRefused(f"can't be read: no loader of the engine takes {media_type}.")


def check_media_type(source: Source, input: Input) -> str:
    """Return the media type that the bytes have. Raises MediaTypeRefused, InputUndecodable."""
    if source.size() == 0:
        raise InputUndecodable("is empty.")
    found = sniff(source.head(HEAD_BYTES))
    accepted = {canonical(media_type) for media_type in input.media_types}
    # An array has one form, so a config may call it plain bytes.
    if input.kind == "array" and OCTETS in accepted:
        accepted.add(NPY)
    declared = canonical(source.media_type or OCTETS)
    if found is None or found not in accepted:
        got = found or "bytes of no kind it knows"
    elif declared not in accepted and declared != OCTETS:
        got = declared
    else:
        return found
    raise MediaTypeRefused(f"accepts {', '.join(input.media_types)}; got {got}.")
