"""Converters: a native object to an array in the config's axis order, channels and dtype."""

from __future__ import annotations

from .chain import converters
from .converter import Converter

__all__ = ["Converter", "converters"]
