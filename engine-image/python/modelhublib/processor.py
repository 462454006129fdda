"""The base of old image processors: a file to an array, and results to outputs."""

from __future__ import annotations

from typing import Any

import numpy as np

from .imageconverters import NumpyToNumpyConverter, PilToNumpyConverter, SitkToNumpyConverter
from .imageloaders import NumpyImageLoader, PilImageLoader, SitkImageLoader


class ImageProcessorBase:
    """Loads, preprocesses and converts images. `config` is the content of model/config.json."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config
        self._imageLoader = PilImageLoader(
            config, SitkImageLoader(config, NumpyImageLoader(config))
        )
        self._imageToNumpyConverter = PilToNumpyConverter(
            SitkToNumpyConverter(NumpyToNumpyConverter())
        )

    def loadAndPreprocess(self, input: str, id: str | None = None) -> Any:
        """Return the file as an array of the axes [batch, z or colour, height, width].

        `id` is the input's key in the config, where there are several. Raises OSError.
        """
        image = self._preprocessBeforeConversionToNumpy(self._load(input, id=id))
        return self._preprocessAfterConversionToNumpy(self._convertToNumpy(image))

    def computeOutput(self, inferenceResults: Any) -> Any:
        """Return the results in the form that the config says; each model has its own."""
        raise NotImplementedError("computeOutput")

    def _load(self, input: str, id: str | None = None) -> Any:
        return self._imageLoader.load(input, id=id)

    def _preprocessBeforeConversionToNumpy(self, image: Any) -> Any:
        """Return the loaded image changed, in its own type. For models to override."""
        return image

    def _convertToNumpy(self, image: Any) -> np.ndarray[Any, Any]:
        return self._imageToNumpyConverter.convert(image)

    def _preprocessAfterConversionToNumpy(self, npArr: Any) -> Any:
        """Return the array changed. For models to override."""
        return npArr
