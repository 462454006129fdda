"""Arrays, by numpy."""

from __future__ import annotations

from typing import Any

import numpy as np

from .imageLoader import ImageLoader


class NumpyImageLoader(ImageLoader):
    """Loads .npy and .npz; no pickles, which run code."""

    def _load(self, input: Any) -> Any:
        return np.load(input, allow_pickle=False)

    def _getImageDimensions(self, image: Any) -> list[int]:
        return list(image.shape)
