"""The processor: the whole cycle from an input's bytes to typed outputs."""

from __future__ import annotations

import sys
from typing import Any, Callable, Mapping, NamedTuple, Sequence, Tuple, Union

import numpy as np

from .axes import Axis, misfit
from .config import Config, Input
from .context import Context, Task
from .converters import Converter, converters
from .errors import (
    Cancelled,
    EngineError,
    EngineFault,
    InputError,
    InputOutsideLimits,
    ModelError,
    OutputError,
    WrongInputs,
    traceback_text,
)
from .geometry import Geometry
from .loaders import load, loaders
from .model import Model, hook
from .operations import Operations, Placement
from .outputs import Prediction, predictions
from .sources import Source
from .stopwatch import Stopwatch

#: One request: a source for each input id, and its task.
Item = Tuple[Mapping[str, Source], Task]

#: Kinds of inputs whose native object goes through `preprocess_native`.
NATIVE_KINDS = ("image", "volume")


class Result(NamedTuple):
    """Outputs in the config's order; microseconds of each stage and in total."""

    outputs: list[Prediction]
    microseconds: dict[str, int]

    @property
    def seconds(self) -> float:
        """Seconds in total."""
        return self.microseconds["total"] / 1e6


#: What became of one request of several.
Outcome = Union[Result, EngineError]


class Prepared(NamedTuple):
    """A request whose inputs are ready for `infer`.

    By input id: the arrays, where they lie in space, and where operations put their elements.
    """

    task: Task
    watch: Stopwatch
    arrays: dict[str, Any]
    geometries: dict[str, Geometry | None]
    placements: dict[str, Placement]


class Processor:
    """Runs a loaded model on inputs. Raises SetupError where a library for an input is missing."""

    def __init__(self, config: Config, model: Model, context: Context) -> None:
        self._config = config
        self._model = model
        self._operations = Operations(config, context)
        self._preprocess_native = hook(model, "preprocess_native")
        self._preprocess = hook(model, "preprocess")
        self._postprocess = getattr(model, "postprocess", None)
        self._infer_batch = getattr(model, "infer_batch", None)
        own_loaders = getattr(model, "loaders", ())
        own_converters = getattr(model, "converters", ())
        self._loaders = {
            input.id: loaders(input, self._resizes(input), own_loaders) for input in config.inputs
        }
        self._converters = {input.id: converters(input, own_converters) for input in config.inputs}
        self._fixed_axes = {
            input.id: [only_fixed(axis) for axis in input.axes] for input in config.inputs
        }

    @property
    def batches(self) -> bool:
        """Whether the model takes several requests at once."""
        return self._infer_batch is not None

    def process(self, sources: Mapping[str, Source], task: Task) -> Result:
        """Return the outputs for one source per input id.

        Raises InputError for the client's mistakes, ModelError and OutputError for the model's,
        Cancelled between two stages.
        """
        return self._infer(self._prepare(sources, task))

    def process_batch(self, items: Sequence[Item]) -> list[Outcome]:
        """Return what became of each request, in their order; the model runs once for all.

        What is wrong with one request is its own outcome alone. Where `infer_batch` raises, each
        request is run by itself, so that one input's failure isn't that of the others.
        """
        outcomes: list[Any] = [attempt(self._prepare, *item) for item in items]
        ready = [i for i, outcome in enumerate(outcomes) if isinstance(outcome, Prepared)]
        given = self._infer_together([outcomes[i] for i in ready])
        for place, i in enumerate(ready):
            one = outcomes[i]
            outcomes[i] = (
                attempt(self._infer, one)
                if given is None
                else attempt(self._finish, one, given[place])
            )
        return outcomes

    def _resizes(self, input: Input) -> bool:
        """Whether files need not have the fixed sizes of the input's axes."""
        return bool(self._preprocess_native or self._preprocess) and not input.preprocessing

    def _prepare(self, sources: Mapping[str, Source], task: Task) -> Prepared:
        """Return a request with its inputs loaded, converted and preprocessed."""
        require_inputs(self._config.inputs, sources)
        prepared = Prepared(task, Stopwatch(), {}, {}, {})
        for input in self._config.inputs:
            self._prepare_input(input, sources[input.id], prepared)
        return prepared

    def _prepare_input(self, input: Input, source: Source, prepared: Prepared) -> None:
        watch = prepared.watch
        require_wanted(prepared.task)
        watch.skip()
        try:
            native = load(source, input, self._loaders[input.id])
            watch.lap("load")
            if self._preprocess_native is not None and is_native(input, native):
                native = guarded("preprocess_native", self._preprocess_native, native, input.id)
                watch.lap("preprocess")
            converter = self._converter(input, native)
            array = converter.convert(native)
            prepared.geometries[input.id] = converter.geometry(native)
            watch.lap("convert")
            prepared.arrays[input.id] = self._preprocessed(input, array, prepared.placements)
            watch.lap("preprocess")
        except InputError as error:
            raise type(error)(f"Input '{input.id}' {error}") from error

    def _converter(self, input: Input, native: Any) -> Converter:
        for converter in self._converters[input.id]:
            if converter.accepts(native):
                return converter
        raise ModelError("preprocess_native") from TypeError(
            f"no converter takes a {type(native).__name__} for the {input.kind} '{input.id}'"
        )

    def _preprocessed(self, input: Input, value: Any, placements: dict[str, Placement]) -> Any:
        """Return the array after the config's operations, then the model's own `preprocess`."""
        # A text or a file is no array, and has no operations.
        if isinstance(value, np.ndarray):
            value, placements[input.id] = self._operations.preprocess(input.id, value)
        if self._preprocess is not None:
            value = guarded("preprocess", self._preprocess, value, input.id)
        if input.preprocessing:
            return value
        return fitted(input, self._fixed_axes[input.id], value)

    def _infer(self, prepared: Prepared) -> Result:
        """Run the model on one request."""
        require_wanted(prepared.task)
        prepared.watch.skip()
        given = guarded("infer", self._model.infer, **prepared.arrays)
        prepared.watch.lap("infer")
        return self._finish(prepared, given)

    def _infer_together(self, several: list[Prepared]) -> list[Any] | None:
        """Return what `infer_batch` gave for each; None where each is to be run by itself."""
        if self._infer_batch is None or len(several) < 2:
            return None
        together = {
            input.id: [prepared.arrays[input.id] for prepared in several]
            for input in self._config.inputs
        }
        for prepared in several:
            prepared.watch.skip()
        try:
            given = list(guarded("infer_batch", self._infer_batch, **together))
            require_as_many(given, several)
        except ModelError as error:
            print(traceback_text(error), end="", file=sys.stderr)
            return None
        for prepared in several:
            prepared.watch.lap("infer")
        return given

    def _finish(self, prepared: Prepared, given: Any) -> Result:
        """Return what the model gave as typed outputs."""
        require_wanted(prepared.task)
        prepared.watch.skip()
        if self._postprocess is not None:
            given = guarded("postprocess", self._postprocess, given)
        given = self._operations.postprocess(given, prepared.placements)
        outputs = predictions(self._config.outputs, given, prepared.geometries)
        prepared.watch.lap("postprocess")
        return Result(outputs, prepared.watch.microseconds())


def is_native(input: Input, native: Any) -> bool:
    """Whether `preprocess_native` gets the object; an array that a client sent is past that."""
    return input.kind in NATIVE_KINDS and not isinstance(native, np.ndarray)


def fitted(input: Input, fixed_axes: Sequence[Axis], array: Any) -> Any:
    """Return what preprocessing gave for `infer`, floats in the input's dtype.

    Raises InputOutsideLimits for an image that isn't of the axes' fixed sizes. Ranges are held
    against the file, since preprocessing may leave them. What has other axes than the config's,
    or is no array but a tensor of the model's framework, is the model's own affair.
    """
    if not isinstance(array, np.ndarray):
        return array
    if input.kind == "image" and array.ndim == len(input.axes):
        wrong = misfit(fixed_axes, array.shape)
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
    if list(sources) == ids:
        return
    missing = [id for id in ids if id not in sources]
    unknown = [id for id in sources if id not in ids]
    problems = [f"'{id}' is missing" for id in missing] + [f"'{id}' is unknown" for id in unknown]
    if problems:
        raise WrongInputs(f"Input {', input '.join(problems)}; the model takes {', '.join(ids)}.")


def require_wanted(task: Task) -> None:
    """Raise Cancelled once the request is no longer wanted."""
    if task.cancelled:
        raise Cancelled


def require_as_many(given: Sequence[Any], requests: Sequence[Any]) -> None:
    """Raise ModelError unless `infer_batch` gave one value for each request."""
    if len(given) != len(requests):
        raise ModelError("infer_batch") from ValueError(
            f"infer_batch returned {len(given)} values for {len(requests)} requests; "
            "expected a list with one for each, in their order"
        )


def attempt(function: Callable[..., Any], *args: Any) -> Any:
    """Return what the function returns, or the EngineError that it raises."""
    try:
        return function(*args)
    except EngineError as error:
        return error
    except Exception as error:
        fault = EngineFault()
        fault.__cause__ = error
        return fault


def guarded(step: str, function: Callable[..., Any], *args: Any, **keywords: Any) -> Any:
    """Call the contributor's code. Whatever it raises becomes the cause of a ModelError."""
    try:
        return function(*args, **keywords)
    except (InputError, OutputError, Cancelled):
        raise
    except (Exception, SystemExit) as error:
        raise ModelError(step) from error
