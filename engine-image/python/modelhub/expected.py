"""Expected files of samples, written from what the model gives."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from .config import Sample
from .context import Task
from .engine import Engine
from .errors import SetupError
from .outputs import Prediction
from .processor import Result
from .samples import ARRAY_TYPES
from .sources import Source

#: Arrays of more numbers lie in a .npy file of their own; a person can read fewer in JSON.
MOST_NUMBERS = 64


def write_expected(engine: Engine, sample: Sample) -> tuple[Result, list[str]]:
    """Run a sample, and write what it gives as what is expected of it.

    Returns the result, and the paths that were written, in the model's folder.
    Raises SetupError where nothing can be written, and what a prediction raises.
    """
    if not sample.expected:
        raise SetupError(f"Sample '{sample.id}' names no file under \"expected\".")
    sources = {id: Source(engine.context.file(path)) for id, path in sample.inputs.items()}
    result = engine.run(sources, Task())
    files: dict[str, Any] = {}
    expected: dict[str, Any] = {}
    for output in result.outputs:
        if lies_apart(output):
            path = array_path(sample.expected, output.name)
            files[path] = output.value
            expected[output.name] = {"file": path}
        else:
            expected[output.name] = output.prediction
    files[sample.expected] = expected
    for path, value in files.items():
        write(engine, path, value)
    return result, list(files)


def lies_apart(output: Prediction) -> bool:
    """Whether an output is an array that JSON is no place for."""
    is_array = output.type in ARRAY_TYPES and isinstance(output.value, np.ndarray)
    return is_array and (output.type == "image" or output.value.size > MOST_NUMBERS)


def array_path(expected: str, output: str) -> str:
    """Return where an array goes: beside its expected file, named by sample and output."""
    path = PurePosixPath(expected)
    stem = path.name.split(".")[0]
    return str(path.with_name(f"{stem}.{output}.npy"))


def write(engine: Engine, path: str, value: Any) -> None:
    """Write an array, or a value as JSON, into the model's folder. Raises SetupError."""
    file = engine.context.file(path)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(value, np.ndarray):
            np.save(file, value, allow_pickle=False)
        else:
            file.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")
    except OSError as error:
        raise SetupError(f"{path} can't be written: {error.strerror}.") from error
