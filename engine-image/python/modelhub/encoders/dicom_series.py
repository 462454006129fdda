"""The headers of a DICOM series that was an input."""

from __future__ import annotations

import io
import zipfile
from typing import Any, BinaryIO, Iterator

import numpy as np

from ..archives import open_zip, read_entry
from ..arrays import Array
from ..sources import Source


def read_series(source: Source) -> list[Any]:
    """Return the header of each image of a source, in files of their own or in an archive.

    An empty list where it is no DICOM series with a place in space.
    """
    import pydicom

    headers = []
    for stream in streams(source):
        try:
            header = pydicom.dcmread(stream, stop_before_pixels=True)
        except pydicom.errors.InvalidDicomError:
            continue
        if "ImagePositionPatient" in header and "SOPInstanceUID" in header:
            headers.append(header)
    return headers


def streams(source: Source) -> Iterator[BinaryIO]:
    """Yield each file of a source."""
    for part in source.parts:
        with part.open() as stream:
            if not zipfile.is_zipfile(stream):
                stream.seek(0)
                yield stream
                continue
            archive, entries = open_zip(stream, part.size())
            for entry in entries:
                yield io.BytesIO(read_entry(archive, entry))


def instance_at(series: list[Any], position: Array, spacing: float) -> Any | None:
    """Return the image at a position in mm; None where the nearest is half a step away or more."""
    distances = [
        float(np.linalg.norm(np.array(header.ImagePositionPatient, np.float64) - position))
        for header in series
    ]
    nearest = int(np.argmin(distances))
    return series[nearest] if distances[nearest] < spacing / 2 else None
