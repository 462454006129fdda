"""Volumes."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array
from ..axes import misfit
from ..config import Input
from ..errors import ConfigError, InputOutsideLimits
from ..geometry import Geometry
from ..volume_axes import NAMES
from ..volumes import is_volume, place, voxels
from .converter import Converter, batch_places, cast, is_single_batch


class VolumeConverter(Converter):
    """Images of nibabel and SimpleITK, pydicom datasets in order, and Volumes.

    Voxels stay in the grid of the file, neither turned nor resampled: only the order of the axes
    follows the config, by the names x, y and z (width, height, depth); x is the axis that runs
    fastest in the file. Values are rescaled as the file says, such as to Hounsfield units.

    Raises ConfigError for axes that no volume has.
    """

    def __init__(self, input: Input) -> None:
        super().__init__(input)
        self._axes = [axis for axis in input.axes if not is_single_batch(axis)]
        self._order = [NAMES.get(axis.name, 3) for axis in self._axes]
        if sorted(self._order) not in ([0, 1, 2], [0, 1, 2, 3]):
            raise ConfigError(
                f"Input '{input.id}': a volume has the axes x, y and z, and maybe one of time or "
                "channels and a batch axis of size 1."
            )

    def accepts(self, native: Any) -> bool:
        """Whether it is one of these objects."""
        return is_volume(native)

    def convert(self, native: Any) -> Array:
        """Return the volume as an array."""
        array = voxels(native)
        while array.ndim > len(self._order) and array.shape[-1] == 1:
            array = array[..., 0]
        if array.ndim == 3 < len(self._order):
            array = array[..., np.newaxis]
        if array.ndim != len(self._order):
            raise InputOutsideLimits(f"{misfit(self._axes, array.shape)}.")
        array = cast(array.transpose(self._order), self.input)
        return np.expand_dims(array, batch_places(self.input))

    def geometry(self, native: Any) -> Geometry | None:
        """Return where the volume lies."""
        return place(native)
