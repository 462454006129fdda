"""A DICOM file of many frames as the slices that it stands for."""

from __future__ import annotations

from typing import Any, Iterator

from ..arrays import Array

#: Sequences of what all frames share, and of what each has of its own.
SHARED, OWN = "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"

#: What isn't a slice's.
LEFT_OUT = (SHARED, OWN, "NumberOfFrames", "PixelData")


def frame_count(dataset: Any) -> int:
    """Return how many frames a file has."""
    return int(dataset.get("NumberOfFrames") or 1)


def split_frames(dataset: Any, frames: Array, pydicom: Any) -> list[Any]:
    """Return a dataset of one slice for each frame, in the order of the file.

    `frames` are the decoded pixels [frame, row, column]. Each slice has the elements of the file,
    and those of its functional groups, such as its position, where a file of one slice has them.
    """
    meta = pydicom.dataset.FileMetaDataset()
    meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    plain = [element for element in dataset if element.keyword not in LEFT_OUT]
    shared = [element for groups in dataset.get(SHARED) or () for element in grouped(groups)]
    own = list(dataset.get(OWN) or ())
    slices = []
    for place, pixels in enumerate(frames):
        one = pydicom.dataset.Dataset()
        for element in (*plain, *shared, *grouped(own[place] if place < len(own) else ())):
            one.add(element)
        one.BitsAllocated = 8 * pixels.dtype.itemsize
        data = pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).tobytes()
        one.PixelData = data + b"\0" * (len(data) % 2)
        one.file_meta = meta
        slices.append(one)
    return slices


def grouped(groups: Any) -> Iterator[Any]:
    """Yield the elements of functional groups: each group is a sequence of one item."""
    for group in groups:
        if group.VR == "SQ" and len(group.value) == 1:
            yield from group.value[0]
