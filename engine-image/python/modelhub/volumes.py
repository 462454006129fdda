"""Volumes, in our own form and in those of the libraries."""

from __future__ import annotations

import importlib
import sys
from typing import Any, NamedTuple

import numpy as np

from .arrays import Array
from .geometry import Geometry, geometry_of
from .slices import slices_geometry, stack_slices


class Volume(NamedTuple):
    """Voxels as an array of shape [x, y, z] or [x, y, z, time or channel], and their place.

    `geometry` is None where a file doesn't tell, or tells nonsense.
    """

    array: Array
    geometry: Geometry | None


def is_volume(native: Any) -> bool:
    """Whether it is a Volume, an image of nibabel or SimpleITK, or a list of pydicom datasets."""
    return (
        isinstance(native, Volume) or is_nibabel(native) or is_simpleitk(native) or is_dicom(native)
    )


def voxels(native: Any) -> Array:
    """Return the voxels, shape as a Volume's, rescaled as the file says."""
    if is_nibabel(native):
        return np.asarray(native.dataobj)
    if is_simpleitk(native):
        array = np.asarray(sys.modules["SimpleITK"].GetArrayFromImage(native))
        # It has z, y, x and then the channels.
        return array.transpose(2, 1, 0, *range(3, array.ndim))
    return stack_slices(native) if is_dicom(native) else np.asarray(native.array)


def place(native: Any) -> Geometry | None:
    """Return where the voxels lie; None where it isn't known."""
    if is_nibabel(native):
        # From its world (right, front, head) to DICOM's (left, back, head).
        affine = np.diag([-1, -1, 1, 1]) @ native.affine
        return geometry_of(affine[:3, :3], affine[:3, 3])
    if is_simpleitk(native):
        return Geometry(native.GetSpacing(), native.GetOrigin(), native.GetDirection())
    return slices_geometry(native) if is_dicom(native) else native.geometry


def to_simpleitk(native: Any) -> Any:
    """Return a volume as an image of SimpleITK, for models that work on those."""
    simpleitk = importlib.import_module("SimpleITK")
    array, geometry = voxels(native), place(native)
    image = simpleitk.GetImageFromArray(array.transpose(2, 1, 0, *range(3, array.ndim)))
    if geometry is not None:
        image.SetSpacing(geometry.spacing)
        image.SetOrigin(geometry.origin)
        image.SetDirection(geometry.direction)
    return image


def is_nibabel(native: Any) -> bool:
    """Whether it is an image of nibabel."""
    return is_of("nibabel.spatialimages", "SpatialImage", native)


def is_simpleitk(native: Any) -> bool:
    """Whether it is an image of SimpleITK."""
    return is_of("SimpleITK", "Image", native)


def is_dicom(native: Any) -> bool:
    """Whether it is a list of datasets of pydicom."""
    return isinstance(native, list) and all(is_of("pydicom", "Dataset", one) for one in native)


def is_of(module: str, name: str, value: Any) -> bool:
    """Whether the value is of a library's class; one that was never imported made none."""
    found = getattr(sys.modules.get(module), name, None)
    return found is not None and isinstance(value, found)
