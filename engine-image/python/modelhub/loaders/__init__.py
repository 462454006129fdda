"""Loaders: bytes to a native object. All is checked by signature and header before decoding."""

from __future__ import annotations

from .chain import load, loaders
from .loader import Loader, Native

__all__ = ["Loader", "Native", "load", "loaders"]
