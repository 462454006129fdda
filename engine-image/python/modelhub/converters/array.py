"""Arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import Array
from .converter import Converter, cast


class ArrayConverter(Converter):
    """Arrays whose axes are in the config's order already."""

    def accepts(self, native: Any) -> bool:
        """Whether it is an array."""
        return isinstance(native, np.ndarray)

    def convert(self, native: Any) -> Array:
        """Return the array in the input's dtype. NaN, infinity and values out of range raise."""
        return cast(native, self.input)
