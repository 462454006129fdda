"""ModelHub's engine in Python: what a contributor's `model.py` and a notebook import."""

from __future__ import annotations

from .context import Context
from .converters import Converter
from .engine import Engine
from .errors import EngineError, InputError
from .loaders import Loader
from .model import Model
from .outputs import LabelList, Prediction, Vector
from .processor import Processor

__all__ = [
    "Context",
    "Converter",
    "Engine",
    "EngineError",
    "InputError",
    "LabelList",
    "Loader",
    "Model",
    "Prediction",
    "Processor",
    "Vector",
]
