"""What loaders of volumes share: the grid is checked before the voxels are decoded."""

from __future__ import annotations

from typing import Sequence

from ..axes import by, misfit
from ..errors import InputOutsideLimits, InputUndecodable
from ..limits import MAX_ELEMENTS
from ..volume_axes import NAMES
from .loader import Loader


class VolumeLoader(Loader):
    """A loader of volumes, of voxels in a grid x, y, z and maybe a fourth axis."""

    def check_grid(self, shape: Sequence[int]) -> None:
        """Raise unless the input takes a grid of this shape, in the order x, y, z."""
        if len(shape) not in (3, 4) or min(shape) < 1:
            raise InputUndecodable(f"is a grid of {by(shape)}; expected 3 or 4 axes.")
        elements = 1
        for size in shape:
            elements *= size
        if elements > MAX_ELEMENTS:
            raise InputOutsideLimits(
                f"has {elements:,} elements; at most {MAX_ELEMENTS:,} are read."
            )
        axes = [axis for axis in self.checked_axes if axis.type != "batch"]
        if len(axes) > len(shape) == 3:
            # A channel of one is not written down in most files.
            shape = (*shape, 1)
        sizes = [shape[NAMES.get(axis.name, 3)] for axis in axes if len(axes) == len(shape)]
        wrong = misfit(axes, sizes or shape)
        if wrong:
            raise InputOutsideLimits(f"{wrong}.")
