"""One DICOM file, read with care."""

from __future__ import annotations

import io
import warnings
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from ..arrays import Array
from ..config import Input
from ..errors import EngineError, InputUndecodable
from ..libraries import library
from .dicom_frames import frame_count, split_frames

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
PLAIN = (IMPLICIT, EXPLICIT, BIG_ENDIAN)

#: Transfer syntaxes that are unpacked as a whole, however much comes out.
DEFLATED = ("1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.4.95", "1.2.840.10008.1.2.8.1")

GREY = ("MONOCHROME1", "MONOCHROME2")
PALETTE = "PALETTE COLOR"


class DicomReader:
    """Reads files by pydicom. Raises SetupError where the runtime lacks it."""

    def __init__(self, input: Input) -> None:
        self._pydicom = library("pydicom", "pydicom", input.id, "takes DICOM")
        self._filereader = library("pydicom.filereader", "pydicom", input.id, "takes DICOM")

    def read(self, data: bytes) -> Any:
        """Return the dataset of a file, its pixels not yet decoded. Raises InputUndecodable."""
        with warnings.catch_warnings():
            # Of values that break the standard, as they do in many a hospital's files.
            warnings.simplefilter("ignore")
            try:
                if self._transfer_syntax(data) in DEFLATED:
                    raise InputUndecodable("is a deflated DICOM file; one that isn't is read.")
                # Files from before 1996 begin without preamble and transfer syntax.
                dataset = self._pydicom.dcmread(io.BytesIO(data), force=True)
                self._complete(dataset)
                check_header(dataset)
            except EngineError:
                raise
            except Exception as error:
                raise InputUndecodable("can't be decoded as application/dicom.") from error
        return dataset

    def slices(self, dataset: Any) -> list[Any]:
        """Return the slices of a file, their pixels decoded: the file itself, or its frames."""
        pixels = self.decode(dataset)
        if frame_count(dataset) == 1:
            return [dataset]
        slices = split_frames(dataset, pixels, self._pydicom)
        for one in slices:
            self.decode(one)
        return slices

    def decode(self, dataset: Any) -> Array:
        """Return the pixels, shape [row, column] or [row, column, 3]; the dataset keeps them.

        Several frames are along an axis before those. Of a palette, the pixels are its entries.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Of an image in the slice that is larger than the slice says.
            warnings.filterwarnings("error", message=".*decompression bomb.*")
            try:
                pixels = np.asarray(dataset.pixel_array)
            except Exception as error:
                syntax = dataset.file_meta.TransferSyntaxUID
                packed = f", or compressed as {syntax.name}; `gdcmconv --raw IN OUT` unpacks those"
                raise InputUndecodable(
                    f"has pixels that can't be decoded: damaged{'' if syntax in PLAIN else packed}."
                ) from error
        frames, colours = frame_count(dataset), dataset.SamplesPerPixel
        expected = (dataset.Rows, dataset.Columns, *((3,) if colours == 3 else ()))
        if pixels.shape != (expected if frames == 1 else (frames, *expected)):
            raise InputUndecodable("has more or fewer pixels than its header says.")
        return pixels

    def _transfer_syntax(self, data: bytes) -> str:
        """Return the transfer syntax that the file names, empty for none."""
        if data[128:132] != b"DICM":
            return ""
        stream = io.BytesIO(data)
        stream.seek(132)
        elements = self._filereader.data_element_generator(
            stream, False, True, stop_when=lambda tag, vr, length: tag >> 16 != 2
        )
        for element in elements:
            if element.tag == 0x00020010:
                return bytes(element.value).decode("ascii", "replace").strip("\0 ")
        return ""

    def _complete(self, dataset: Any) -> None:
        """Put in what old files leave out, and pydicom doesn't go without."""
        if not dataset.file_meta.get("TransferSyntaxUID"):
            implicit, little = encoding(dataset)
            name = BIG_ENDIAN if not little else IMPLICIT if implicit else EXPLICIT
            dataset.file_meta.TransferSyntaxUID = self._pydicom.uid.UID(name)
        if "SamplesPerPixel" not in dataset:
            dataset.SamplesPerPixel = 1
        if "PhotometricInterpretation" not in dataset:
            dataset.PhotometricInterpretation = GREY[1]
        if "PixelData" in dataset and dataset.get("BitsAllocated") == 12:
            dataset.PixelData = unpack_12_bits(dataset.PixelData)
            dataset.BitsAllocated = 16


def palette_colours(dataset: Any) -> Array:
    """Return a slice's pixels in the colours of its palette, [row, column, 3] of 8 bits.

    Raises InputUndecodable.
    """
    # The second is its place before pydicom 3.
    modules = ("pydicom.pixels", "pydicom.pixel_data_handlers.util")
    lookup = import_module(next(name for name in modules if find_spec(name))).apply_color_lut
    try:
        colours = np.asarray(lookup(dataset.pixel_array, dataset))[..., :3]
    except Exception as error:
        # Damaged palettes make it raise nearly anything.
        raise InputUndecodable("has no palette that can be read.") from error
    return colours if colours.dtype == np.uint8 else (colours >> 8).astype(np.uint8)


def rgb(pixels: Array, dataset: Any) -> Array:
    """Return the decoded pixels of a slice in colour as red, green and blue."""
    ybr = ("YBR_FULL", "YBR_FULL_422")
    if find_spec("pydicom.pixels") or dataset.PhotometricInterpretation not in ybr:
        return pixels
    # Before pydicom 3 they come as the file has them.
    util = import_module("pydicom.pixel_data_handlers.util")
    return np.asarray(util.convert_color_space(pixels, "YBR_FULL", "RGB"))


def encoding(dataset: Any) -> tuple[bool, bool]:
    """Return whether types are implicit, and whether the byte order is little-endian."""
    if hasattr(dataset, "original_encoding"):
        implicit, little = dataset.original_encoding
        return bool(implicit), bool(little)
    # Before pydicom 3.
    return bool(dataset.is_implicit_VR), bool(dataset.is_little_endian)


def unpack_12_bits(data: bytes) -> bytes:
    """Return pixels of 16 bits, little-endian, for those of 12: two of them fill three bytes."""
    low, middle, high = (
        np.frombuffer(data, np.uint8)[: len(data) // 3 * 3].reshape(-1, 3).T.astype("<u2")
    )
    pairs = np.stack([low | (middle & 15) << 8, middle >> 4 | high << 4], axis=1)
    return pairs.astype("<u2").tobytes()


def check_header(dataset: Any) -> None:
    """Check what the header says of the pixels. Raises InputUndecodable."""
    if "PixelData" not in dataset or not dataset.get("Rows") or not dataset.get("Columns"):
        raise InputUndecodable("holds no pixels.")
    if "ModalityLUTSequence" in dataset:
        raise InputUndecodable("keeps its values in a table (Modality LUT Sequence); none is read.")
    frames = frame_count(dataset)
    if frames < 1:
        raise InputUndecodable(f"says that it has {frames:,} frames.")
    colours = {
        1: (*GREY, PALETTE),
        3: ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"),
    }
    if dataset.PhotometricInterpretation not in colours.get(dataset.SamplesPerPixel, ()):
        raise InputUndecodable("holds colours of another kind than grey, RGB, YBR or a palette.")
    if dataset.SamplesPerPixel == 3 and dataset.BitsAllocated != 8:
        raise InputUndecodable("holds colours of more than 8 bits.")
    bits = frames * dataset.Rows * dataset.Columns * dataset.SamplesPerPixel * dataset.BitsAllocated
    if dataset.PhotometricInterpretation == "YBR_FULL_422":
        # Two pixels share their colour.
        bits = bits * 2 // 3
    plain = dataset.file_meta.TransferSyntaxUID in PLAIN
    if plain and len(dataset.PixelData) * 8 < bits:
        raise InputUndecodable(
            f"holds {len(dataset.PixelData):,} bytes of pixels; its header says {bits // 8:,}."
        )
