"""Slices of a DICOM series: their order, their values and where they lie."""

from __future__ import annotations

from typing import Any, List, Sequence

import numpy as np

from .arrays import Array
from .axes import by
from .errors import InputUndecodable
from .geometry import Geometry, geometry_of

#: Datasets of pydicom.
Slices = List[Any]

#: How much distances between neighbours may differ, as a share and in mm: headers are rounded.
SHARE, SLACK = 0.01, 0.01


def sort_slices(slices: Slices) -> Slices:
    """Return the slices of one series by their position along its normal.

    Raises InputUndecodable where they are of several series or sizes, lie at one place, or have
    gaps.
    """
    series = {str(one.get("SeriesInstanceUID", "")) for one in slices}
    if len(series) > 1:
        raise InputUndecodable(f"holds slices of {len(series)} series; one series is read.")
    sizes = sorted({(int(one.Columns), int(one.Rows)) for one in slices})
    if len(sizes) > 1:
        raise InputUndecodable(f"holds slices of {' and '.join(map(by, sizes))}; one size is read.")
    if len(slices) == 1:
        return slices
    planes = np.array([orientation(one) for one in slices])
    if np.abs(planes - planes[0]).max() > 1e-3:
        raise InputUndecodable("holds slices that aren't parallel; leave out the overview images.")
    depths = np.array([position(one) for one in slices]) @ np.cross(planes[0, :3], planes[0, 3:])
    order = np.argsort(depths)
    check_gaps(np.diff(depths[order]))
    return [slices[i] for i in order]


def check_gaps(gaps: Array) -> None:
    """Raise InputUndecodable unless the slices are equally far from each other, in mm."""
    usual = float(np.median(gaps))
    if gaps.min() < SLACK:
        raise InputUndecodable("holds two slices at one place; each slice is read once.")
    if np.abs(gaps - usual).max() > max(SHARE * usual, SLACK):
        raise InputUndecodable(
            f"has slices that lie {gaps.min():.4g} to {gaps.max():.4g} mm apart; "
            "slices are missing, or not of one stack."
        )


def stack_slices(slices: Sequence[Any]) -> Array:
    """Return the values of sorted slices, shape [x, y, z]."""
    return np.stack([rescaled(one) for one in slices]).transpose(2, 1, 0)


def rescaled(dataset: Any) -> Array:
    """Return the values of a slice, shape [row, column], as its rescale slope and intercept say.

    Whole numbers stay whole.
    """
    slope = number(dataset, "RescaleSlope") or 1.0
    intercept = number(dataset, "RescaleIntercept") or 0.0
    pixels = np.asarray(dataset.pixel_array)
    if slope == 1 and intercept == 0:
        return pixels
    if pixels.dtype.kind in "iu" and slope.is_integer() and intercept.is_integer():
        return pixels.astype(np.int32) * int(slope) + int(intercept)
    return (pixels * slope + intercept).astype(np.float32)


def slices_geometry(slices: Sequence[Any]) -> Geometry | None:
    """Return where sorted slices lie; None where they don't tell."""
    first, last = slices[0], slices[-1]
    spacing = numbers(first, "PixelSpacing", 2)
    if spacing is None or numbers(first, "ImagePositionPatient", 3) is None:
        return None
    plane = orientation(first)
    if len(slices) > 1:
        across = (position(last) - position(first)) / (len(slices) - 1)
    else:
        thickness = number(first, "SpacingBetweenSlices") or number(first, "SliceThickness") or 1
        across = np.cross(plane[:3], plane[3:]) * thickness
    # The first number is the distance of rows, so it belongs to y.
    steps = np.array([plane[:3] * spacing[1], plane[3:] * spacing[0], across]).T
    return geometry_of(steps, position(first))


def position(dataset: Any) -> Array:
    """Return the centre of the first pixel, in LPS mm. Raises InputUndecodable without it."""
    return required(numbers(dataset, "ImagePositionPatient", 3), "ImagePositionPatient")


def orientation(dataset: Any) -> Array:
    """Return the directions of x and y, 6 numbers. Raises InputUndecodable without them."""
    return required(numbers(dataset, "ImageOrientationPatient", 6), "ImageOrientationPatient")


def required(found: Array | None, name: str) -> Array:
    """Return the numbers. Raises InputUndecodable where there are none."""
    if found is None:
        raise InputUndecodable(f"holds a slice without {name}, which says where it lies.")
    return found


def number(dataset: Any, name: str) -> float | None:
    """Return the number of an element, the first of several; None where there is none."""
    found = numbers(dataset, name)
    return None if found is None else float(found[0])


def numbers(dataset: Any, name: str, count: int | None = None) -> Array | None:
    """Return the numbers of an element; None where there are none.

    Raises InputUndecodable for other than finite numbers, and not `count` of them.
    """
    try:
        value = dataset.get(name)
        found = np.asarray([] if value in (None, "") else value, np.float64).reshape(-1)
    except Exception as error:
        # Elements are parsed only now, and damaged ones make pydicom raise nearly anything.
        raise InputUndecodable(f"holds a slice whose {name} is no number.") from error
    if found.size == 0:
        return None
    if not np.isfinite(found).all() or count not in (None, found.size):
        raise InputUndecodable(f"holds a slice whose {name} is not {count or 'finite'} numbers.")
    return found
