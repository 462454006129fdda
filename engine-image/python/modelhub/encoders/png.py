"""PNG: one file for each image, mask or heatmap of one plane.

A mask is its values, with a palette (first colour: clear). A heatmap is 16-bit grey: 0 for its
smallest value, 65535 for its largest, which the text `range` tells.
"""

from __future__ import annotations

from typing import Any, Mapping, Sequence

import numpy as np

from ..arrays import Array
from ..axes import by
from ..outputs import Prediction
from ..pictures import picture, plane
from ..sources import Source
from .encoded import Encoded, Format, Identity, refuse_type
from .png_file import png_bytes
from .provenance import identity_text

#: Paul Tol's "bright", made to be told apart by everybody; the page draws labels in the same.
COLOURS = (
    (238, 102, 119),
    (68, 119, 170),
    (34, 136, 51),
    (204, 187, 68),
    (102, 204, 238),
    (170, 51, 119),
    (238, 119, 51),
    (187, 187, 187),
)
PALETTE = [(0, 0, 0), *(COLOURS[place % len(COLOURS)] for place in range(255))]

refuses_type = refuse_type("png holds images, masks and heatmaps", "image", "mask", "heatmap")


def refuses(output: Prediction) -> str | None:
    """Say why an output is no picture; None where it is one."""
    if output.type in ("mask", "heatmap") and plane(output.output, output.value) is None:
        return f"is {by(output.shape)}; png holds one plane"
    return refuses_type(output)


def encode(
    outputs: Sequence[Prediction], identity: Identity, sources: Mapping[str, Source]
) -> list[Encoded]:
    """Return one file for each output."""
    return [png_file(output, identity) for output in outputs]


def png_file(output: Prediction, identity: Identity) -> Encoded:
    """Return the file of an image, mask or heatmap."""
    texts = {"modelhub": identity_text(identity)} if identity else {}
    pixels, more = PIXELS[output.type](output)
    content = png_bytes(pixels, {**texts, **more.get("texts", {})}, more.get("palette"))
    save = lambda stream: stream.write(content)  # noqa: E731
    return Encoded(output.name, "image/png", f"{output.name}.png", save)


def image_pixels(output: Prediction) -> tuple[Array, dict[str, Any]]:
    """Return the image itself."""
    return picture(output.output, output.value), {}


def mask_pixels(output: Prediction) -> tuple[Array, dict[str, Any]]:
    """Return the values of a mask, with a palette where there are few."""
    pixels = flat(output)
    few = pixels.size == 0 or pixels.max() < len(PALETTE)
    return pixels.astype(np.uint8 if few else np.uint16), {"palette": PALETTE} if few else {}


def heatmap_pixels(output: Prediction) -> tuple[Array, dict[str, Any]]:
    """Return a heatmap scaled to 16 bits."""
    pixels = flat(output).astype(np.float64)
    least, most = (pixels.min(), pixels.max()) if pixels.size else (0.0, 0.0)
    scaled = np.rint((pixels - least) * (65535 / ((most - least) or 1))).astype(np.uint16)
    return scaled, {"texts": {"range": f"{least!s} {most!s}"}}


def flat(output: Prediction) -> Array:
    """Return a mask or heatmap as [y, x]."""
    found = plane(output.output, output.value)
    assert found is not None
    return found


PIXELS = {"image": image_pixels, "mask": mask_pixels, "heatmap": heatmap_pixels}
FORMAT = Format(refuses, encode)
