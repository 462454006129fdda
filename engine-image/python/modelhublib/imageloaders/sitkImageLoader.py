"""Medical images, by SimpleITK."""

from __future__ import annotations

from typing import Any

from .imageLoader import ImageLoader


class SitkImageLoader(ImageLoader):
    """Loads DICOM, NIfTI, NRRD and what else SimpleITK reads, to a SimpleITK image."""

    def _load(self, input: Any) -> Any:
        import SimpleITK

        return SimpleITK.ReadImage(input)

    def _getImageDimensions(self, image: Any) -> list[int]:
        sizes = list(image.GetSize())
        return [*sizes, *[1] * (3 - len(sizes))][::-1]
