"""The chain of an input: which converters there are."""

from __future__ import annotations

from typing import Sequence

from ..config import Input
from .array import ArrayConverter
from .audio import AudioConverter
from .converter import Converter
from .image import ImageConverter
from .plain import PlainConverter
from .table import TableConverter
from .volume import VolumeConverter

#: Converters by the input's kind. What preprocessing made an array of is one everywhere.
CHAINS: dict[str, tuple[type[Converter], ...]] = {
    "image": (ImageConverter, ArrayConverter),
    "volume": (VolumeConverter, ArrayConverter),
    "array": (ArrayConverter,),
    "audio": (AudioConverter, ArrayConverter),
    "text": (PlainConverter, ArrayConverter),
    "table": (TableConverter, ArrayConverter),
    "file": (PlainConverter, ArrayConverter),
}


def converters(input: Input, extra: Sequence[type[Converter]] = ()) -> list[Converter]:
    """Return the chain of an input, with the model's own converters `extra` at its start.

    Raises ConfigError for axes that can't be made.
    """
    return [converter(input) for converter in (*extra, *CHAINS[input.kind])]
