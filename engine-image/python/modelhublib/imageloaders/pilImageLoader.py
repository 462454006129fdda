"""Pictures, by Pillow."""

from __future__ import annotations

from typing import Any

from modelhub.limits import MAX_PIXELS

from .imageLoader import ImageLoader, OutsideLimits


class PilImageLoader(ImageLoader):
    """Loads PNG, JPEG and what else Pillow reads, to a PIL image."""

    def _load(self, input: Any) -> Any:
        from PIL import Image

        image = Image.open(input)
        # By the header, before the pixels are decoded.
        if image.width * image.height > MAX_PIXELS:
            raise OutsideLimits(f"The image has {image.width * image.height:,} pixels, too many.")
        return image

    def _getImageDimensions(self, image: Any) -> list[int]:
        return [len(image.getbands()), image.height, image.width]
