"""Names of the axes of a volume."""

from __future__ import annotations

#: Place of an axis in a volume by its name; any other is the fourth.
NAMES = {"x": 0, "width": 0, "y": 1, "height": 1, "z": 2, "depth": 2}
