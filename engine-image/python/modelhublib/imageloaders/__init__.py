"""Loaders of images, each with the next one to try."""

from __future__ import annotations

from .imageLoader import ImageLoader
from .numpyImageLoader import NumpyImageLoader
from .pilImageLoader import PilImageLoader
from .sitkImageLoader import SitkImageLoader

__all__ = ["ImageLoader", "NumpyImageLoader", "PilImageLoader", "SitkImageLoader"]
