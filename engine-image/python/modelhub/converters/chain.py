"""The chain of an input: which converters there are."""

from __future__ import annotations

from typing import Sequence

from ..config import Input
from ..on_demand import found
from .array import ArrayConverter
from .converter import Converter

#: Where the converter of native objects is, by the input's kind; an array is one already.
NATIVE = {
    "image": "image:ImageConverter",
    "volume": "volume:VolumeConverter",
    "audio": "audio:AudioConverter",
    "text": "plain:PlainConverter",
    "table": "table:TableConverter",
    "file": "plain:PlainConverter",
}


def converters(input: Input, extra: Sequence[type[Converter]] = ()) -> list[Converter]:
    """Return the chain of an input, with the model's own converters `extra` at its start.

    Raises ConfigError for axes that can't be made.
    """
    native = [found(NATIVE[input.kind], __package__)] if input.kind in NATIVE else []
    # What preprocessing made an array of is one everywhere.
    return [converter(input) for converter in (*extra, *native, ArrayConverter)]
