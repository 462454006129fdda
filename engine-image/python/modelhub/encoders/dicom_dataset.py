"""DICOM datasets: made key by key, and written."""

from __future__ import annotations

from typing import Any, BinaryIO

EXPLICIT_LITTLE_ENDIAN = "1.2.840.10008.1.2.1"


def code(words: tuple[str, str, str]) -> Any:
    """Return a coded concept: value, scheme, meaning."""
    value, scheme, meaning = words
    return new_dataset(CodeValue=value, CodingSchemeDesignator=scheme, CodeMeaning=meaning)


def decimals(numbers: Any) -> list[str]:
    """Return numbers in at most 16 characters each, which is what DICOM has room for."""
    return [decimal(float(number)) for number in numbers]


def decimal(number: float) -> str:
    """Return a number in as many digits as 16 characters hold."""
    digits = 15
    while len(f"{number:.{digits}g}") > 16:
        digits -= 1
    return f"{number:.{digits}g}"


def line(text: str) -> str:
    """Return a text as one value of at most 64 characters; a backslash would part it in two."""
    return " ".join(text.replace("\\", "/").split())[:64]


def new_dataset(**values: Any) -> Any:
    """Return a dataset with some keys."""
    from pydicom.dataset import Dataset

    return add(Dataset(), **values)


def add(dataset: Any, **values: Any) -> Any:
    """Set keys of a dataset, and return it."""
    for key, value in values.items():
        setattr(dataset, key, value)
    return dataset


def new_uid() -> str:
    """Return a unique identifier."""
    from pydicom.uid import generate_uid

    # Without a prefix: derived from a UUID, so nobody's registered root is claimed.
    return str(generate_uid(prefix=None))


def tag(keyword: str) -> Any:
    """Return the number of a key."""
    from pydicom.datadict import tag_for_keyword

    return tag_for_keyword(keyword)


def save(stream: BinaryIO, dataset: Any) -> None:
    """Write a dataset as a file."""
    import pydicom
    from pydicom.dataset import FileMetaDataset

    dataset.file_meta = add(
        FileMetaDataset(),
        MediaStorageSOPClassUID=dataset.SOPClassUID,
        MediaStorageSOPInstanceUID=dataset.SOPInstanceUID,
        TransferSyntaxUID=EXPLICIT_LITTLE_ENDIAN,
    )
    # What pydicom 2 wants to be told, its successors read from the transfer syntax.
    if int(pydicom.__version__.split(".")[0]) >= 3:
        pydicom.dcmwrite(stream, dataset, enforce_file_format=True)
    else:
        dataset.is_little_endian, dataset.is_implicit_VR = True, False
        pydicom.dcmwrite(stream, dataset, write_like_original=False)
