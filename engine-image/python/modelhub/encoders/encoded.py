"""An output in a file's bytes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO, Callable, Dict, Mapping, NamedTuple, Sequence

from ..outputs import Prediction
from ..sources import Source

#: Which model made a file, of which inputs; see `provenance`.
Identity = Dict[str, Any]


class Encoded(NamedTuple):
    """One file. `name` is the output's id, or "outputs" where the file holds several.

    `file` is the name to save it under; `save` writes the bytes to a stream that seeks and reads.
    """

    name: str
    media_type: str
    file: str
    save: Callable[[BinaryIO], object]

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        stream = io.BytesIO()
        self.save(stream)
        return stream.getvalue()

    def write(self, folder: Path) -> Path:
        """Write the file into a folder and return its path. Raises OSError."""
        path = folder / self.file
        with path.open("w+b") as stream:
            self.save(stream)
        return path


class Format(NamedTuple):
    """A format of files. `refuses` says why it can't hold an output, None where it can."""

    refuses: Callable[[Prediction], str | None]
    encode: Callable[[Sequence[Prediction], Identity, Mapping[str, Source]], list[Encoded]]


def refuse_type(what: str, *types: str) -> Callable[[Prediction], str | None]:
    """Return what refuses outputs of other types; `what` says what the format holds."""
    return lambda output: None if output.type in types else f"is a {output.type}; {what}"
