"""Medical files, as libraries and scanners write them."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import Any

import nibabel
import numpy as np
import pydicom
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

CT_IMAGE_STORAGE = UID("1.2.840.10008.5.1.4.1.1.2")
SERIES = generate_uid(entropy_srcs=["a series"])


def bundled(name: str) -> Path:
    """Return a file that comes with pydicom."""
    return Path(str(get_testdata_file(name, download=False)))


def nifti(array: Any, affine: Any = None, slope: float = 1, version: int = 1) -> bytes:
    """Return the array, of axes x, y, z, as NIfTI; it is stored as it is, whatever the slope."""
    form: Any = nibabel.Nifti1Image if version == 1 else nibabel.Nifti2Image
    image = form(
        np.asarray(array), np.eye(4) if affine is None else affine, dtype=np.asarray(array).dtype
    )
    image.header.set_slope_inter(slope, 0)
    data: bytes = image.to_bytes()
    return data


def nifti_gz(array: Any, **keys: Any) -> bytes:
    """Return the array as NIfTI in gzip."""
    return gzip.compress(nifti(array, **keys))


def nrrd(array: Any, *lines: str, **fields: str) -> bytes:
    """Return the array, of axes x, y, z, as NRRD in gzip or raw, after further lines of header."""
    array = np.asarray(array)
    found = {
        "type": array.dtype.name,
        "dimension": str(array.ndim),
        "sizes": " ".join(map(str, array.shape)),
        "encoding": "raw",
        "endian": "little",
        **{key.replace("_", " "): value for key, value in fields.items()},
    }
    header = ["NRRD0004", *lines, *(f"{key}: {value}" for key, value in found.items()), "", ""]
    data = array.tobytes(order="F")
    packed = gzip.compress(data) if found["encoding"] == "gzip" else data
    return "\n".join(header).encode() + packed


def dicom_slice(pixels: Any, z: float = 0, **elements: Any) -> Dataset:
    """Return a CT slice at z mm; pixels [row, column], their spacing 0.5 mm down, 0.25 across."""
    pixels = np.asarray(pixels)
    dataset = Dataset()
    dataset.SOPClassUID = CT_IMAGE_STORAGE
    dataset.SOPInstanceUID = generate_uid(entropy_srcs=[str(z)])
    dataset.SeriesInstanceUID = SERIES
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.SamplesPerPixel = 1 if pixels.ndim == 2 else 3
    dataset.PhotometricInterpretation = "MONOCHROME2" if pixels.ndim == 2 else "RGB"
    if pixels.ndim == 3:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = dataset.BitsStored = 8 * pixels.dtype.itemsize
    dataset.HighBit = dataset.BitsAllocated - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    dataset.PixelSpacing = [0.5, 0.25]
    dataset.ImagePositionPatient = [-10, 20, z]
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    dataset.PixelData = pixels.tobytes()
    for name, value in elements.items():
        setattr(dataset, name, value)
    return dataset


def dicom(
    pixels: Any, z: float = 0, syntax: UID = ExplicitVRLittleEndian, **elements: Any
) -> bytes:
    """Return a slice as a DICOM file."""
    dataset = dicom_slice(pixels, z, **elements)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    return written(dataset, bare=False)


def enhanced(
    grid: Any, depths: list[float], syntax: UID = ExplicitVRLittleEndian, **elements: Any
) -> bytes:
    """Return voxels [x, y, z] as one DICOM file, a frame for each z, at `depths` in mm.

    Spacing and orientation are those of `dicom_slice`, written where an enhanced file has them.
    """
    frames = np.asarray(grid).transpose(2, 1, 0)
    plain = dicom_slice(frames[0])
    shared, own = Dataset(), [Dataset() for _ in depths]
    shared.PixelMeasuresSequence = [taken(plain, "PixelSpacing")]
    shared.PlaneOrientationSequence = [taken(plain, "ImageOrientationPatient")]
    for frame, depth in zip(own, depths):
        frame.PlanePositionSequence = [Dataset()]
        frame.PlanePositionSequence[0].ImagePositionPatient = [-10, 20, depth]
        frame.PixelValueTransformationSequence = [Dataset()]
        frame.PixelValueTransformationSequence[0].RescaleSlope = 2
        frame.PixelValueTransformationSequence[0].RescaleIntercept = -1
    groups = {
        "SharedFunctionalGroupsSequence": [shared],
        "PerFrameFunctionalGroupsSequence": own,
    }
    del plain.PixelSpacing, plain.ImagePositionPatient, plain.ImageOrientationPatient
    pixels = frames.tobytes() if not syntax.is_compressed else encapsulate([b"\0"])
    more = {**groups, "NumberOfFrames": len(frames), "PixelData": pixels, **elements}
    for name, value in more.items():
        setattr(plain, name, value)
    plain.file_meta = FileMetaDataset()
    plain.file_meta.TransferSyntaxUID = syntax
    return written(plain, bare=False)


def taken(dataset: Dataset, name: str) -> Dataset:
    """Return a dataset with one element of another."""
    found = Dataset()
    setattr(found, name, dataset[name].value)
    return found


def bare_dicom(pixels: Any, **elements: Any) -> bytes:
    """Return a slice as before 1996: neither preamble nor transfer syntax."""
    dataset = dicom_slice(pixels, **elements)
    # Its first element is short, as the group lengths of those days were.
    dataset.add_new(0x00080001, "UL", 4096)
    return written(dataset, bare=True)


def written(dataset: Dataset, bare: bool) -> bytes:
    """Return the file, with preamble and explicit types, or bare with implicit ones."""
    stream = io.BytesIO()
    if pydicom.__version_info__[0] >= "3":
        options: dict[str, Any] = {"implicit_vr": True, "little_endian": True} if bare else {}
        pydicom.dcmwrite(stream, dataset, enforce_file_format=not bare, **options)
    else:
        # What older Pythons have.
        dataset.is_implicit_VR, dataset.is_little_endian = bare, True
        pydicom.dcmwrite(stream, dataset, write_like_original=bare)
    return stream.getvalue()
