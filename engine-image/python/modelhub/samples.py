"""A model's samples: each is run, and its outputs are compared with the expected ones."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from .arrays import Array
from .compare import Difference, compare
from .config import Output, Sample
from .context import Task
from .engine import Engine
from .errors import EngineError, SetupError
from .outputs import Prediction
from .sources import Source

#: Types of outputs whose expected value may lie in a .npy file.
ARRAY_TYPES = ("vector", "mask", "heatmap", "image")


class SampleResult(NamedTuple):
    """What a sample gave. `error` is what stopped it, else None."""

    sample: Sample
    seconds: float
    outputs: list[Prediction]
    differences: list[Difference]
    error: EngineError | None

    @property
    def passed(self) -> bool:
        """Whether every output lies within its tolerance."""
        return all(difference.passed for difference in self.differences)

    def as_json(self) -> dict[str, Any]:
        """Return the result as it stands in a record."""
        return {
            "id": self.sample.id,
            "passed": self.passed,
            "seconds": self.seconds,
            "outputs": [output.as_json() for output in self.outputs],
            "differences": [difference._asdict() for difference in self.differences],
        }


def run_sample(engine: Engine, sample: Sample) -> SampleResult:
    """Run one sample on a loaded engine. What goes wrong is told as a difference."""
    try:
        expected = read_expected(engine, sample)
        sources = {id: Source(engine.context.file(path)) for id, path in sample.inputs.items()}
        result = engine.run(sources, Task())
    except EngineError as error:
        differences = [Difference(output.id, False, str(error)) for output in engine.config.outputs]
        return SampleResult(sample, 0.0, [], differences, error)
    differences = [
        compare_output(output, prediction, expected)
        for output, prediction in zip(engine.config.outputs, result.outputs)
    ]
    return SampleResult(sample, result.seconds, result.outputs, differences, None)


def read_expected(engine: Engine, sample: Sample) -> dict[str, Any]:
    """Return the expected outputs by output id. Raises SetupError."""
    try:
        expected = engine.context.json(sample.expected)
    except OSError as error:
        raise SetupError(f"{sample.expected} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise SetupError(f"{sample.expected} is no JSON: {error}.") from error
    if not isinstance(expected, dict):
        raise SetupError(f"{sample.expected} is no JSON object with output ids as its keys.")
    return {**expected, **read_arrays(engine, expected)}


def read_arrays(engine: Engine, expected: dict[str, Any]) -> dict[str, Array]:
    """Return the arrays that lie in .npy files: an output's value is {"file": path} then."""
    paths = {
        output.id: expected[output.id]["file"]
        for output in engine.config.outputs
        if output.type in ARRAY_TYPES and is_file(expected.get(output.id))
    }
    return {id: read_array(engine, path) for id, path in paths.items()}


def is_file(value: Any) -> bool:
    """Whether an expected value names a file."""
    return isinstance(value, dict) and isinstance(value.get("file"), str)


def read_array(engine: Engine, path: str) -> Array:
    """Return the array in a .npy file of the model's folder. Raises SetupError."""
    try:
        array: Array = np.load(engine.context.file(path), allow_pickle=False)
    except OSError as error:
        raise SetupError(f"{path} can't be read: {error.strerror}.") from error
    except (ValueError, EOFError) as error:
        raise SetupError(f"{path} is no .npy file: {error}.") from error
    return array


def comparable(given: Prediction, expected: Any) -> Any:
    """Return an output as it is compared with what is expected."""
    # Numbers in JSON are written in few digits, those in a file in all of them.
    in_full = given.type == "image" or isinstance(expected, np.ndarray)
    return given.value if in_full else given.prediction


def compare_output(output: Output, given: Prediction, expected: dict[str, Any]) -> Difference:
    """Compare one output with what the expected file has under its id."""
    if output.id not in expected:
        return Difference(output.id, False, "the expected file lacks this output")
    want = expected[output.id]
    return compare(output.id, output.type, comparable(given, want), want, output.tolerance)
