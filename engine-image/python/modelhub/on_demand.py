"""Imports at first use: a worker needs few of the modules, and is ready sooner without the rest."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def found(place: str, package: str) -> Any:
    """Return what is at `module:name` in a package, such as `image:ImageLoader`."""
    module, name = place.split(":")
    return getattr(import_module(f".{module}", package), name)
