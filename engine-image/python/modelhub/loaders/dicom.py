"""DICOM: a series of slices as a volume, and a single slice as an image."""

from __future__ import annotations

from functools import partial
from typing import Any, Callable

import numpy as np

from ..archives import open_zip, read_entry
from ..arrays import Array
from ..config import Input
from ..converters.image import has_room
from ..errors import InputOutsideLimits, InputUndecodable
from ..libraries import library
from ..limits import MAX_FILES
from ..signatures import DICOM, ZIP, is_dicom
from ..slices import number, rescaled, slices_geometry, sort_slices
from ..sources import Source
from .dicom_file import GREY, PALETTE, DicomReader, palette_colours, rgb
from .dicom_frames import frame_count
from .image import PixelAxes, check_pixels
from .loader import Loader, Native
from .volume import VolumeLoader

#: First bytes enough for `is_dicom`.
HEAD = 132


class DicomLoader(VolumeLoader):
    """A series, in several files or a zip archive of them, to a list of pydicom datasets.

    They are sorted by their position, and their pixels are decoded. A single file is a series too;
    its frames become a dataset each.
    """

    media_types = (DICOM, ZIP)
    several = True

    def __init__(self, input: Input, resized: bool = False) -> None:
        super().__init__(input, resized)
        self._reader = DicomReader(input)

    def load(self, source: Source, media_type: str) -> Native:
        """Return the datasets. Raises InputUndecodable and InputOutsideLimits."""
        if media_type == ZIP:
            return self._load_archive(source)
        parts = source.parts
        if len(parts) > MAX_FILES:
            raise InputOutsideLimits(f"has {len(parts):,} files; at most {MAX_FILES:,} are read.")
        if not all(is_dicom(part.head(HEAD)) for part in parts):
            raise InputUndecodable("holds a file that is no DICOM; all files of a series are.")
        return self._load_slices([part.read for part in parts])

    def _load_archive(self, source: Source) -> Native:
        with source.open() as stream:
            archive, entries = open_zip(stream, source.size())
            slices = []
            for entry in entries:
                # Besides the slices, archives hold directories, viewers and notes.
                with archive.open(entry) as file:
                    if is_dicom(file.read(HEAD)) and not entry.filename.endswith("DICOMDIR"):
                        slices.append(entry)
            if not slices:
                raise InputUndecodable("is an archive without DICOM files.")
            return self._load_slices([partial(read_entry, archive, entry) for entry in slices])

    def _load_slices(self, contents: list[Callable[[], bytes]]) -> Native:
        datasets: list[Any] = []
        for content in contents:
            dataset = self._reader.read(content())
            frames = frame_count(dataset)
            if frames > 1 and len(contents) > 1:
                raise InputUndecodable(
                    f"holds {len(contents):,} files, and {frames:,} frames in one of them; read is "
                    "a file for each slice, or one file of them all."
                )
            if not datasets:
                # Told by the first file already, before pixels are decoded and others are read.
                depth = max(frames, len(contents))
                self.check_grid((int(dataset.Columns), int(dataset.Rows), depth))
            elif (dataset.Rows, dataset.Columns) != (datasets[0].Rows, datasets[0].Columns):
                raise InputUndecodable("holds slices of several sizes; one size is read.")
            if dataset.PhotometricInterpretation not in GREY:
                raise InputUndecodable("holds a slice in colour; grey ones are read.")
            datasets += self._reader.slices(dataset)
        return sort_slices(datasets)


class DicomImageLoader(Loader):
    """A single slice, to a PIL image.

    Its values, such as Hounsfield units, stay as they are where dtype or range of the input make
    room for them: then it is an image of mode I or F. Else it is one of 8 bits, as the window of
    the file says, without one from its least to its greatest value; for that, MONOCHROME1 is
    inverted, so that bright is dense.
    """

    media_types = (DICOM,)

    def __init__(self, input: Input, resized: bool = False) -> None:
        super().__init__(input, resized)
        self._image = library("PIL.Image", "Pillow", input.id, "is an image")
        self._reader = DicomReader(input)
        self._sides = PixelAxes(self)

    def load(self, source: Source, media_type: str) -> Native:
        """Return a PIL image. Raises InputUndecodable and InputOutsideLimits."""
        dataset = self._reader.read(source.read())
        frames = frame_count(dataset)
        if frames > 1:
            raise InputUndecodable(
                f"holds {frames:,} frames; an image is one. Give the frame that is meant as a file."
            )
        check_pixels(int(dataset.Columns), int(dataset.Rows))
        self._sides.check(int(dataset.Columns), int(dataset.Rows))
        image = self._image.fromarray(self._pixels(dataset))
        image.info["geometry"] = image.size, slices_geometry([dataset])
        return image

    def _pixels(self, dataset: Any) -> Array:
        """Return what the image is made of: 8 bits grey or in colour, int32 or float32."""
        pixels = self._reader.decode(dataset)
        if dataset.PhotometricInterpretation == PALETTE:
            return palette_colours(dataset)
        if pixels.ndim == 3:
            return rgb(pixels, dataset)
        values = rescaled(dataset)
        if has_room(self.input):
            return values.astype(np.int32 if values.dtype.kind in "iu" else np.float32)
        return windowed(values, dataset)


def windowed(values: Array, dataset: Any) -> Array:
    """Return values in the window of a slice, from 0 to 255, as uint8."""
    # Several windows may be named; the first is shown first.
    centre, width = number(dataset, "WindowCenter"), number(dataset, "WindowWidth")
    function = dataset.get("VOILUTFunction") or "LINEAR"
    # As DICOM's PS3.3 C.11.2.1 has it.
    if centre is None or width is None or not width > (function == "LINEAR"):
        function, least, most = "LINEAR", float(values.min()), float(values.max())
    elif function == "LINEAR":
        least, most = centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2
    else:
        least, most = centre - width / 2, centre + width / 2
    shares = (values.astype(np.float32) - least) / max(most - least, 1e-6)
    if function == "SIGMOID":
        shares = 1 / (1 + np.exp(2 - 4 * shares.astype(np.float64)))
    shares = np.clip(shares, 0, 1)
    if dataset.get("PhotometricInterpretation") == "MONOCHROME1":
        shares = 1 - shares
    return np.asarray(np.round(shares * 255), np.uint8)
