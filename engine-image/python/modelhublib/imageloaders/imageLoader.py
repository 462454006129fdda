"""The base of old loaders."""

from __future__ import annotations

from typing import Any, Sequence

from modelhub.errors import InputError, InputOutsideLimits, InputUndecodable
from modelhub.legacy_config import legacy_inputs


class NotRead(InputUndecodable, OSError):
    """No loader takes the file; old code knows it as IOError."""


class OutsideLimits(InputOutsideLimits, OSError):
    """The image has dimensions outside `dim_limits`; old code knows it as IOError."""


class ImageLoader:
    """A link of the chain: `_load` reads a kind of files, or raises."""

    def __init__(self, config: dict[str, Any], successor: ImageLoader | None = None) -> None:
        self._config = config
        self._successor = successor

    def setSuccessor(self, successor: ImageLoader | None) -> None:
        """Set the loader that is tried next."""
        self._successor = successor

    def load(self, input: Any, id: str | None = None) -> Any:
        """Return the image, by the first loader that can. Raises OSError."""
        try:
            image = self._load(input)
        except InputError:
            raise
        except Exception as error:
            if self._successor is not None:
                return self._successor.load(input, id=id)
            raise NotRead("The file can't be read by any loader.") from error
        self._checkConfigCompliance(image, id)
        return image

    def _load(self, input: Any) -> Any:
        """Return the image in its library's type, or raise. For loaders to override."""
        raise NotImplementedError("_load")

    def _getImageDimensions(self, image: Any) -> Sequence[int]:
        """Return the image's sizes along z (or colours), y and x. For loaders to override."""
        raise NotImplementedError("_getImageDimensions")

    def _checkConfigCompliance(self, image: Any, id: str | None = None) -> None:
        inputs = legacy_inputs(self._config["model"]["io"]["input"])
        limits = inputs["single" if id is None else id].get("dim_limits") or []
        sizes = list(self._getImageDimensions(image))
        for limit, size in zip(limits, sizes):
            if size < limit.get("min", size) or size > limit.get("max", size):
                raise OutsideLimits(f"The image is {sizes}; the model takes {limits}.")
