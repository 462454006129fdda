"""Output files: written aside and renamed, so that what bears its name is whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Callable, Mapping

from .processor import Result
from .sources import Source

if TYPE_CHECKING:
    from .engine import Engine


def write_outputs(
    engine: Engine,
    result: Result,
    sources: Mapping[str, Source],
    folder: Path,
    name: str,
    form: str,
) -> list[str]:
    """Write the outputs of one item in a format; return the files' paths, relative to the folder.

    A file with several outputs is named `<name>.json`, one with a single output `<name>.mask.png`.
    Raises FormatRefused where no output has such a form, SetupError where its library is missing,
    OSError where the files can't be written.
    """
    from .encoders import encode, provenance

    files = []
    for encoded in encode(result.outputs, form, provenance(engine, sources), sources):
        ending = encoded.file[len(encoded.name) :] if encoded.name == "outputs" else encoded.file
        file = f"{name}.{ending.lstrip('.')}"
        write_whole(folder / file, encoded.save)
        files.append(file)
    return files


def write_whole(path: Path, save: Callable[[BinaryIO], Any]) -> None:
    """Write a file, and any folder above it that is missing. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # The same name each time, so that what a killed process left behind is written over.
    aside = path.with_name(f".{path.name}.part")
    with aside.open("w+b") as stream:
        save(stream)
    os.replace(aside, path)
