"""The named operations of a config: before and after the model, whoever runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Mapping

import numpy as np

from ..arrays import Array
from ..axes import Axis, by
from ..config import Config, Output
from ..context import Context
from ..errors import ConfigError, InputOutsideLimits, OutputError, SetupError
from .placement import Placement, Placements, unmoved
from .step import Axes, Misfit, axis_of, names, sizes_of

if TYPE_CHECKING:
    from .chain import Chain

#: Axes of what a network gives, for types of outputs that have no axes themselves.
NETWORK_AXES = {
    "label_list": ("batch", "channel"),
    "bounding_boxes": ("batch", "index", "channel"),
    "keypoints": ("batch", "index", "channel"),
}


class Operations:
    """All chains of a config. Raises ConfigError where an operation doesn't fit its axes."""

    def __init__(self, config: Config, context: Context) -> None:
        inputs = {input.id: input.axes for input in config.inputs}
        for input in config.inputs:
            if input.preprocessing:
                require_names(f"Input '{input.id}'", input.axes)
        self._axes = inputs
        self._before = {
            input.id: within(f"Input '{input.id}'", new_chain, input.preprocessing, input.axes)
            for input in config.inputs
            if input.preprocessing
        }
        self._after = {
            output.id: within(f"Output '{output.id}'", OutputChain, output, inputs, reader(context))
            for output in config.outputs
            if output.postprocessing
        }

    def input_axes(self, input: str) -> Axes:
        """Return the axes of what `preprocess` gives for an input."""
        chain = self._before.get(input)
        return self._axes[input] if chain is None else chain.axes or ()

    def preprocess(self, input: str, array: Array) -> tuple[Array, Placement]:
        """Return the array after the input's operations, and where its elements have gone.

        Raises InputOutsideLimits; its sentence begins with the verb.
        """
        chain = self._before.get(input)
        if chain is None:
            # Only operations after the model ask where something was before.
            return array, unmoved(sizes_of(array, self._axes[input])) if self._after else {}
        try:
            found: tuple[Array, Placement] = chain.run(array)
            return found
        except Misfit as error:
            raise InputOutsideLimits(f"{error}.") from error

    def postprocess(self, given: Any, placements: Placements) -> Any:
        """Return what the model gave after the outputs' operations, in the form it came in.

        `given` is the value of the one output, or a dict by output id; `placements` are those of
        the inputs by id. Raises OutputError.
        """
        if not self._after:
            return given
        if not isinstance(given, dict):
            chains = list(self._after.values())
            return chains[0].run(given, placements) if len(chains) == 1 else given
        return {
            id: self._after[id].run(value, placements) if id in self._after else value
            for id, value in given.items()
        }


class OutputChain:
    """The operations of one output, up to its own axes and dtype."""

    def __init__(
        self, output: Output, inputs: Mapping[str, Axes], read: Callable[[str], str]
    ) -> None:
        self._output = output
        self._axes = network_axes(output)
        operations = list(output.postprocessing)
        if output.grid is not None and output.grid in inputs:
            # The first is the one that operations go back to, unless they name another.
            inputs = {output.grid: inputs[output.grid], **inputs}
        ends = new_chain(operations, self._axes, inputs, read)
        if ends.axes is not None:
            operations += closing(output)
            ends = new_chain(operations, self._axes, inputs, read)
        self._named = operations[0]["id"] == "name_axes"
        self._chain = ends

    def run(self, value: Any, placements: Placements) -> Any:
        """Return an array in the output's axes and dtype, or a list. Raises OutputError."""
        array = np.asarray(value)
        try:
            if not self._named and array.ndim != len(self._axes):
                raise Misfit(f"is {by(array.shape)}; its axes are {names(self._axes)}")
            found, _ = self._chain.run(array, placements)
        except Misfit as error:
            raise OutputError(f"Output '{self._output.id}' {error}.") from error
        if self._output.type == "label_list" and isinstance(found, list):
            return [(item["label"], item["probability"]) for item in found]
        return found


def new_chain(*args: Any) -> Chain:
    """Return a chain; only here, since many a model has no named operations."""
    from .chain import Chain

    return Chain(*args)


def network_axes(output: Output) -> Axes:
    """Return the axes of what the model gives. Raises ConfigError where nothing says them."""
    if output.axes is not None:
        # Sizes are those that postprocessing ends with.
        return tuple(axis._replace(size=None) for axis in output.axes)
    if output.type in NETWORK_AXES:
        return tuple(axis_of(name) for name in NETWORK_AXES[output.type])
    if output.postprocessing[0]["id"] == "name_axes":
        return ()
    raise ConfigError("operation name_axes comes first where an output has no axes.")


def closing(output: Output) -> list[dict[str, Any]]:
    """Return the operations that bring an array into the output's axes and dtype."""
    found: list[dict[str, Any]] = []
    if output.axes is not None:
        found.append({"id": "transpose", "kwargs": {"axes": [axis.name for axis in output.axes]}})
    if output.dtype is not None:
        found.append({"id": "ensure_dtype", "kwargs": {"dtype": output.dtype.name}})
    return found


def require_names(subject: str, axes: tuple[Axis, ...]) -> None:
    """Raise ConfigError unless axes of batch and channel are called so: operations know them so."""
    for axis in axes:
        if axis.type in ("batch", "channel") and axis.name != axis.type:
            raise ConfigError(
                f"{subject}: named operations call the {axis.type} axis {axis.type}; "
                f"it is named {axis.name}."
            )


def within(subject: str, function: Callable[..., Any], *args: Any) -> Any:
    """Call the function. Names the subject in the ConfigError that it raises."""
    try:
        return function(*args)
    except ConfigError as error:
        raise ConfigError(f"{subject}: {error}") from error


def reader(context: Context) -> Callable[[str], str]:
    """Return a function that reads a text of the model's folder. It raises Misfit."""

    def read(relative: str) -> str:
        try:
            return context.text(relative)
        except (OSError, ValueError, SetupError) as error:
            raise Misfit(f"can't read {relative}: {error}") from error

    return read
