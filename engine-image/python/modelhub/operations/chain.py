"""A chain of named operations, bound to axes and arguments when the model is loaded."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Mapping, Sequence

from ..arrays import Array
from ..errors import ConfigError
from . import elements, grids, lists, values
from .placement import Placement, Placements, moved, unmoved
from .step import Axes, Misfit, Step, sizes_of

#: Each operation's function by its name: of the axes that an array comes with, and its arguments.
#: It returns the step, or raises Misfit.
OPERATIONS: dict[str, Callable[..., Step]] = {
    "ensure_dtype": values.ensure_dtype,
    "resize": grids.resize,
    "center_crop": grids.center_crop,
    "pad": grids.pad,
    "grayscale": elements.grayscale,
    "select": elements.select,
    "transpose": elements.transpose,
    "scale_linear": values.scale_linear,
    "fixed_zero_mean_unit_variance": values.fixed_zero_mean_unit_variance,
    "zero_mean_unit_variance": values.zero_mean_unit_variance,
    "scale_range": values.scale_range,
    "clip": values.clip,
    "sigmoid": values.sigmoid,
    "softmax": values.softmax,
    "argmax": values.argmax,
    "binarize": values.binarize,
    "name_axes": elements.name_axes,
    "restore_to_input": grids.restore_to_input,
    "top_k": lists.top_k,
    "labels": lists.labels,
    "non_max_suppression": lists.non_max_suppression,
    "keypoints": lists.keypoints,
}


class Chain:
    """Operations one after the other. `axes` are those that an array ends with; None: a list.

    `inputs` has the axes of each input, for operations that go back to its grid; `read` returns the
    text of a file of the model's folder. Raises ConfigError where an operation doesn't fit.
    """

    def __init__(
        self,
        operations: Sequence[Mapping[str, Any]],
        axes: Axes,
        inputs: Mapping[str, Axes] | None = None,
        read: Callable[[str], str] | None = None,
    ) -> None:
        self._axes = axes
        self._steps = []
        after: Axes | None = axes
        for operation in operations:
            step = bind(operation, after, {"inputs": inputs or {}, "read": read})
            self._steps.append(step)
            after = step.axes
        self.axes = after

    def run(self, array: Array, placements: Placements | None = None) -> tuple[Any, Placement]:
        """Return the array or list after all steps, and where the array's elements have gone.

        `placements` says that of the inputs. Raises Misfit for an array that doesn't fit.
        """
        value: Any = array
        placement = unmoved(sizes_of(array, self._axes))
        axes: Axes | None = self._axes
        for step in self._steps:
            if step.moves is not None and axes is not None:
                placement = moved(placement, step.moves(sizes_of(value, axes)))
            value = step.run(value, placements or {})
            axes = step.axes
        return value, placement


def bind(operation: Mapping[str, Any], axes: Axes | None, more: Mapping[str, Any]) -> Step:
    """Return the operation's step for arrays with these axes (None: for a list).

    Of `more`, the function gets what it has a parameter for. Raises ConfigError.
    """
    name = operation["id"]
    function = OPERATIONS.get(name)
    if function is None:
        raise ConfigError(f"there is no operation {name}; there are {', '.join(OPERATIONS)}.")
    parameters = inspect.signature(function).parameters
    given = {key: value for key, value in more.items() if key in parameters}
    kwargs = operation.get("kwargs", {})
    try:
        require_kind(name, axes)
        require_arguments([item for key, item in parameters.items() if key not in given], kwargs)
        return function(axes, **kwargs, **given)
    except (Misfit, TypeError) as error:
        raise ConfigError(f"operation {name} {error}.") from error


def require_arguments(parameters: Sequence[inspect.Parameter], kwargs: Mapping[str, Any]) -> None:
    """Raise Misfit for arguments that are unknown or missing."""
    own = [item for item in parameters if item.kind is item.KEYWORD_ONLY]
    unknown = sorted(set(kwargs).difference(item.name for item in own))
    missing = [item.name for item in own if item.default is item.empty and item.name not in kwargs]
    if unknown:
        names = ", ".join(item.name for item in own) or "none"
        raise Misfit(f"has no argument {', '.join(unknown)}; its arguments: {names}")
    if missing:
        raise Misfit(f"needs the argument {', '.join(missing)}")


def require_kind(name: str, axes: Axes | None) -> None:
    """Raise Misfit unless `labels` gets a list and all others an array."""
    if (name == "labels") != (axes is None):
        raise Misfit(
            "comes after top_k or non_max_suppression" if axes else "can't follow one that ends"
        )
