"""A model's samples: each is run, and its outputs are compared with the expected ones."""

from __future__ import annotations

from typing import Any, NamedTuple

from .compare import Difference, compare
from .config import Output, Sample
from .context import Task
from .engine import Engine
from .errors import EngineError, SetupError
from .outputs import Prediction
from .sources import Source


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
        outputs, seconds = engine.run(sources, Task())
    except EngineError as error:
        differences = [Difference(output.id, False, str(error)) for output in engine.config.outputs]
        return SampleResult(sample, 0.0, [], differences, error)
    differences = [
        compare_output(output, prediction, expected)
        for output, prediction in zip(engine.config.outputs, outputs)
    ]
    return SampleResult(sample, seconds["total"], outputs, differences, None)


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
    return expected


def compare_output(output: Output, given: Prediction, expected: dict[str, Any]) -> Difference:
    """Compare one output with what the expected file has under its id."""
    if output.id not in expected:
        return Difference(output.id, False, "the expected file lacks this output")
    return compare(output.id, output.type, given.prediction, expected[output.id], output.tolerance)
