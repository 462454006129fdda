"""DICOM Segmentation: one object for each mask of a DICOM series, which it refers to.

Each label is a segment; its planes that hold anything are frames of one bit a pixel. Patient and
study are those of the series.
"""

from __future__ import annotations

import datetime
from typing import Any, Mapping, NamedTuple, Sequence

import numpy as np

from ..arrays import Array
from ..errors import FormatRefused, SetupError
from ..geometry import Geometry
from ..hashes import sha256
from ..layout import layout
from ..outputs import Prediction
from ..sources import Source
from .dicom_dataset import add, code, decimals, line, new_dataset, new_uid, save, tag
from .dicom_series import instance_at, read_series
from .encoded import Encoded, Format, Identity, refuse_type
from .provenance import identity_text

SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"

#: Keys of the series that the segmentation takes over; without a value they stay, but empty.
TAKEN_OVER = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyInstanceUID",
    "StudyDate",
    "StudyTime",
    "StudyID",
    "AccessionNumber",
    "ReferringPhysicianName",
    "FrameOfReferenceUID",
    "PositionReferenceIndicator",
)

#: What a segment is, in SNOMED's codes: as little as can be said of any label.
TISSUE = ("85756007", "SCT", "Tissue")
#: Why the segmentation refers to an image, in DICOM's codes.
SEGMENTED = ("113076", "DCM", "Segmentation")
SOURCE_IMAGE = ("121322", "DCM", "Source image for image processing operation")

refuses_type = refuse_type("dicom-seg holds masks", "mask")


def refuses(output: Prediction) -> str | None:
    """Say why an output can't be a segmentation; None where it may be."""
    wrong = refuses_type(output)
    if wrong:
        return wrong
    if output.geometry is None or len(output.geometry.spacing) != 3:
        return "has no place in space; dicom-seg holds masks on the grid of a DICOM series"
    found = layout(output.output.axes, output.shape)
    return "isn't x, y and z" if found is None or found.others else None


def encode(
    outputs: Sequence[Prediction], identity: Identity, sources: Mapping[str, Source]
) -> list[Encoded]:
    """Return one file for each output.

    Raises SetupError without pydicom, FormatRefused where the input is no DICOM series.
    """
    try:
        import pydicom  # noqa: F401
    except ImportError as error:
        raise SetupError(
            "DICOM is written by pydicom, and the runtime has none: add pydicom to what its "
            "Dockerfile installs, or ask for nifti."
        ) from error
    return [segmentation_file(output, identity, sources) for output in outputs]


def segmentation_file(
    output: Prediction, identity: Identity, sources: Mapping[str, Source]
) -> Encoded:
    """Return the file of one mask."""
    grid = output.output.grid or ""
    series = read_series(sources[grid]) if grid in sources else []
    if not series:
        raise FormatRefused(
            f"Output '{output.name}' can't be given as dicom-seg: its input '{grid}' is no DICOM "
            "series. As nifti it has the same place in space."
        )
    dataset = segmentation(output, identity, series)
    return Encoded(
        output.name, "application/dicom", f"{output.name}.dcm", lambda stream: save(stream, dataset)
    )


class Frame(NamedTuple):
    """One plane of one segment: its number, the plane's index along z, its pixels [y, x]."""

    segment: int
    plane: int
    pixels: Array


def segmentation(output: Prediction, identity: Identity, series: list[Any]) -> Any:
    """Return the segmentation as a pydicom Dataset."""
    geometry = output.geometry
    assert geometry is not None
    planes = planes_of(output)
    values = [int(value) for value in np.unique(planes) if value != 0]
    labels = output.output.labels or {}
    names = [labels.get(value, str(value)) for value in values]
    frames = [
        Frame(segment, place, pixels == value)
        for segment, value in enumerate(values, start=1)
        for place, pixels in enumerate(planes)
        if (pixels == value).any()
    ]
    if not frames:
        # A segmentation has one frame at least: of background it has one empty one.
        names, frames = [output.name], [Frame(1, 0, planes[0] != 0)]
    dataset = described(output, identity, series)
    dataset.SegmentSequence = [segment(n, name, identity) for n, name in enumerate(names, start=1)]
    add_pixels(dataset, frames)
    add_places(dataset, geometry, frames, series)
    return dataset


def planes_of(output: Prediction) -> Array:
    """Return the mask as [z, y, x]."""
    found = layout(output.output.axes, output.shape)
    assert found is not None
    places = [*([] if found.z is None else [found.z]), found.y, found.x]
    ones = [place for place in range(output.value.ndim) if place not in places]
    array: Array = output.value.transpose([*ones, *places])
    return array.reshape(-1, *array.shape[-2:])


def described(output: Prediction, identity: Identity, series: list[Any]) -> Any:
    """Return a dataset with all but the pixels and their places."""
    # UTF-8, whatever the series has: a model's labels may be in any script.
    dataset = new_dataset(
        SOPClassUID=SEGMENTATION, SOPInstanceUID=new_uid(), SpecificCharacterSet="ISO_IR 192"
    )
    for key in TAKEN_OVER:
        setattr(dataset, key, series[0].get(key))
    now = datetime.datetime.now()
    add(
        dataset,
        Modality="SEG",
        SeriesInstanceUID=new_uid(),
        SeriesNumber=1,
        InstanceNumber=1,
        SeriesDate=now.strftime("%Y%m%d"),
        SeriesTime=now.strftime("%H%M%S"),
        ContentDate=now.strftime("%Y%m%d"),
        ContentTime=now.strftime("%H%M%S"),
        SeriesDescription=line(output.description or output.name),
        ContentLabel=output.name.upper()[:16],
        ContentDescription=line(output.description or output.name),
        ContentCreatorName=None,
        Manufacturer="ModelHub",
        ManufacturerModelName=line(str(identity.get("id", "unknown"))),
        SoftwareVersions=line(str(identity.get("engine", "unknown"))),
        DeviceSerialNumber=sha256(identity_text(identity).encode())[:16],
        ImageType=["DERIVED", "PRIMARY"],
        DerivationDescription=identity_text(identity)[:1024],
        SegmentationType="BINARY",
        LossyImageCompression="00",
    )
    instances = [reference(instance) for instance in series]
    dataset.ReferencedSeriesSequence = [
        new_dataset(
            SeriesInstanceUID=series[0].SeriesInstanceUID, ReferencedInstanceSequence=instances
        )
    ]
    return dataset


def segment(number: int, name: str, identity: Identity) -> Any:
    """Return the description of one segment."""
    return new_dataset(
        SegmentNumber=number,
        SegmentLabel=line(name),
        SegmentAlgorithmType="AUTOMATIC",
        SegmentAlgorithmName=line(str(identity.get("id", "unknown"))),
        SegmentedPropertyCategoryCodeSequence=[code(TISSUE)],
        SegmentedPropertyTypeCodeSequence=[code(TISSUE)],
    )


def add_pixels(dataset: Any, frames: list[Frame]) -> None:
    """Add the frames' pixels, eight to a byte, the first in the lowest bit."""
    pixels = np.stack([frame.pixels for frame in frames])
    packed = np.packbits(pixels.ravel(), bitorder="little").tobytes()
    add(
        dataset,
        NumberOfFrames=len(frames),
        Rows=pixels.shape[1],
        Columns=pixels.shape[2],
        SamplesPerPixel=1,
        PhotometricInterpretation="MONOCHROME2",
        PixelRepresentation=0,
        BitsAllocated=1,
        BitsStored=1,
        HighBit=0,
    )
    dataset.add_new("PixelData", "OB", packed + b"\0" * (len(packed) % 2))


def add_places(dataset: Any, geometry: Geometry, frames: list[Frame], series: list[Any]) -> None:
    """Add where each frame lies, which segment it is of, and which image it was made from."""
    direction = np.reshape(geometry.direction, (3, 3))
    x, y, z = geometry.spacing
    orientation = decimals([*direction[:, 0], *direction[:, 1]])
    dataset.SharedFunctionalGroupsSequence = [
        new_dataset(
            PlaneOrientationSequence=[new_dataset(ImageOrientationPatient=orientation)],
            PixelMeasuresSequence=[
                new_dataset(
                    PixelSpacing=decimals([y, x]),
                    SliceThickness=decimals([z])[0],
                    SpacingBetweenSlices=decimals([z])[0],
                )
            ],
        )
    ]
    organization = new_uid()
    dataset.DimensionOrganizationSequence = [new_dataset(DimensionOrganizationUID=organization)]
    dataset.DimensionIndexSequence = [
        new_dataset(
            DimensionOrganizationUID=organization,
            DimensionIndexPointer=tag("ReferencedSegmentNumber"),
            FunctionalGroupPointer=tag("SegmentIdentificationSequence"),
        ),
        new_dataset(
            DimensionOrganizationUID=organization,
            DimensionIndexPointer=tag("ImagePositionPatient"),
            FunctionalGroupPointer=tag("PlanePositionSequence"),
        ),
    ]
    dataset.PerFrameFunctionalGroupsSequence = [
        place_of(frame, np.array(geometry.origin) + frame.plane * z * direction[:, 2], z, series)
        for frame in frames
    ]


def place_of(frame: Frame, position: Array, spacing: float, series: list[Any]) -> Any:
    """Return the functional groups of one frame, whose first pixel lies at `position`."""
    group = new_dataset(
        FrameContentSequence=[
            new_dataset(DimensionIndexValues=[frame.segment, frame.plane + 1]),
        ],
        PlanePositionSequence=[new_dataset(ImagePositionPatient=decimals(position))],
        SegmentIdentificationSequence=[new_dataset(ReferencedSegmentNumber=frame.segment)],
    )
    instance = instance_at(series, position, spacing)
    if instance is not None:
        source = reference(instance)
        source.PurposeOfReferenceCodeSequence = [code(SOURCE_IMAGE)]
        source.SpatialLocationsPreserved = "YES" if covers(frame, position, instance) else "NO"
        group.DerivationImageSequence = [
            new_dataset(SourceImageSequence=[source], DerivationCodeSequence=[code(SEGMENTED)])
        ]
    return group


def covers(frame: Frame, position: Array, instance: Any) -> bool:
    """Whether the pixels of a frame are those of an image, one by one."""
    size = (instance.get("Rows"), instance.get("Columns"))
    return frame.pixels.shape == size and np.allclose(
        position, np.array(instance.ImagePositionPatient, np.float64), atol=0.01
    )


def reference(instance: Any) -> Any:
    """Return a reference to an image of the series."""
    return new_dataset(
        ReferencedSOPClassUID=instance.SOPClassUID, ReferencedSOPInstanceUID=instance.SOPInstanceUID
    )


FORMAT = Format(refuses, encode)
