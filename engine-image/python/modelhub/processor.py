"""The whole cycle of a request: load, convert, preprocess, infer, postprocess, typed outputs."""

from __future__ import annotations

from typing import Any, Callable, Mapping, NamedTuple

import numpy as np

from .axes import Axis, misfit
from .config import Config, Input
from .context import Task
from .converters import converters
from .errors import (
    Cancelled,
    InputError,
    InputOutsideLimits,
    ModelError,
    OutputError,
    WrongInputs,
)
from .loaders import load, loaders
from .model import Model, hook
from .outputs import Prediction, predictions
from .sources import Source
from .stopwatch import Stopwatch


class Result(NamedTuple):
    """Outputs in the config's order; seconds of each stage and in total."""

    outputs: list[Prediction]
    seconds: dict[str, float]


class Processor:
    """Runs a loaded model on inputs. Raises SetupError where a library for an input is missing."""

    def __init__(self, config: Config, model: Model) -> None:
        self._config = config
        self._model = model
        self._preprocess_native = hook(model, "preprocess_native")
        self._preprocess = hook(model, "preprocess")
        self._postprocess = getattr(model, "postprocess", None)
        resized = bool(self._preprocess_native or self._preprocess)
        self._loaders = {input.id: loaders(input, resized) for input in config.inputs}
        self._converters = {input.id: converters(input) for input in config.inputs}

    def process(self, sources: Mapping[str, Source], task: Task) -> Result:
        """Return the outputs for one source per input id.

        Raises InputError for the client's mistakes, ModelError and OutputError for the model's,
        Cancelled between two stages.
        """
        watch = Stopwatch()
        require_inputs(self._config.inputs, sources)
        arrays = {
            input.id: self._prepare(input, sources[input.id], task, watch)
            for input in self._config.inputs
        }
        require_wanted(task)
        with watch("infer"):
            given = guarded("infer", self._model.infer, **arrays)
        require_wanted(task)
        with watch("postprocess"):
            if self._postprocess is not None:
                given = guarded("postprocess", self._postprocess, given)
            outputs = predictions(self._config.outputs, given)
        return Result(outputs, watch.seconds())

    def _prepare(self, input: Input, source: Source, task: Task, watch: Stopwatch) -> Any:
        """Return what `infer` gets for one input."""
        require_wanted(task)
        try:
            with watch("load"):
                native = load(source, input, self._loaders[input.id])
            if self._preprocess_native is not None and input.kind == "image":
                with watch("preprocess"):
                    native = guarded("preprocess_native", self._preprocess_native, native, input.id)
            with watch("convert"):
                array = self._convert(input, native)
            if self._preprocess is not None:
                with watch("preprocess"):
                    array = guarded("preprocess", self._preprocess, array, input.id)
            return fitted(input, array)
        except InputError as error:
            raise type(error)(f"Input '{input.id}' {error}") from error

    def _convert(self, input: Input, native: Any) -> Any:
        for converter in self._converters[input.id]:
            if converter.accepts(native):
                return converter.convert(native)
        raise ModelError("preprocess_native") from TypeError(
            f"preprocess_native returned {type(native).__name__}; expected a PIL image"
        )


def fitted(input: Input, array: Any) -> Any:
    """Return what preprocessing gave for `infer`, floats in the input's dtype.

    Raises InputOutsideLimits for an image that isn't of the axes' fixed sizes. Ranges are held
    against the file, since preprocessing may leave them. What has other axes than the config's,
    or is no array but a tensor of the model's framework, is the model's own affair.
    """
    if not isinstance(array, np.ndarray):
        return array
    if input.kind == "image" and array.ndim == len(input.axes):
        wrong = misfit([only_fixed(axis) for axis in input.axes], array.shape)
        if wrong:
            raise InputOutsideLimits(f"{wrong}.")
    if array.dtype.kind == input.dtype.kind == "f":
        # Arithmetic with Python's or numpy's constants may have made it float64.
        return array.astype(input.dtype, copy=False)
    return array


def only_fixed(axis: Axis) -> Axis:
    """Return the axis without the range of its sizes."""
    return axis if axis.size is None or axis.size.fixed else axis._replace(size=None)


def require_inputs(inputs: tuple[Input, ...], sources: Mapping[str, Source]) -> None:
    """Raise WrongInputs unless there is one source for each input."""
    ids = [input.id for input in inputs]
    missing = [id for id in ids if id not in sources]
    unknown = [id for id in sources if id not in ids]
    problems = [f"'{id}' is missing" for id in missing] + [f"'{id}' is unknown" for id in unknown]
    if problems:
        raise WrongInputs(f"Input {', input '.join(problems)}; the model takes {', '.join(ids)}.")


def require_wanted(task: Task) -> None:
    """Raise Cancelled once the request is no longer wanted."""
    if task.cancelled:
        raise Cancelled


def guarded(step: str, function: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
    """Call the contributor's code. Whatever it raises becomes the cause of a ModelError."""
    try:
        return function(*args, **keywords)
    except (OutputError, Cancelled):
        raise
    except (Exception, SystemExit) as error:
        raise ModelError(step) from error
