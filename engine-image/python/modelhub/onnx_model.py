"""A model without code: ONNX Runtime runs the weights between the config's named operations."""

from __future__ import annotations

import os
from typing import Any, Mapping, Sequence

import numpy as np

from .arrays import Array
from .config import Config
from .context import Context
from .errors import ConfigError, LoadError, OutputError, SetupError
from .model import Model
from .operations import Operations
from .operations.joined import joined
from .operations.step import Misfit
from .operations.values import converted

#: Most threads where neither MODELHUB_THREADS nor the config says how many.
DEFAULT_CPUS = 2

#: What runs the network, the first that is there.
PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")


class OnnxModel(Model):
    """The one ONNX file of a config.

    Inputs go to the tensors that they name in `tensor`, else in order; so do outputs, which may
    be joined from several. `infer` takes what the operations made of the inputs, and gives what
    they start from.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._weights = only_onnx(config)
        self._session: Any = None
        self._inputs: dict[str, Any] = {}
        self._outputs: dict[str, tuple[str, ...]] = {}

    def load(self, context: Context) -> None:
        """Open the file. Raises SetupError without ONNX Runtime, ConfigError for other tensors."""
        session = open_session(str(context.weights(self._weights)), threads(self._config))
        given, wanted = session.get_inputs(), session.get_outputs()
        self._inputs = {
            input.id: tensor_of(f"Input '{input.id}'", input.tensor, place, given)
            for place, input in enumerate(self._config.inputs)
        }
        self._outputs = {
            output.id: tuple(
                tensor_of(f"Output '{output.id}'", name, place, wanted).name
                for name in output.tensors or (None,)
            )
            for place, output in enumerate(self._config.outputs)
        }
        if len(self._inputs) < len(given):
            raise ConfigError(
                f"the network takes the tensors {named(given)}; "
                f"the config has an input for {named(self._inputs.values())}."
            )
        self._require_axes(Operations(self._config, context))
        self._session = session

    def infer(self, *args: Any, **inputs: Any) -> dict[str, Array]:
        """Return each output's array by its id. Raises OutputError for what is no array."""
        feed = {
            self._inputs[id].name: np.ascontiguousarray(
                converted(value, dtype_of(self._inputs[id]))
            )
            for id, value in inputs.items()
        }
        names = sorted({name for names in self._outputs.values() for name in names})
        results = dict(zip(names, self._session.run(names, feed)))
        return {id: self._output(id, results) for id in self._outputs}

    def _output(self, id: str, results: Mapping[str, Any]) -> Array:
        """Return the array of an output. Raises OutputError."""
        arrays = [results[name] for name in self._outputs[id]]
        if not all(isinstance(array, np.ndarray) for array in arrays):
            raise OutputError(f"Output '{id}': the network gave no array.")
        try:
            return arrays[0] if len(arrays) == 1 else joined(arrays)
        except Misfit as error:
            raise OutputError(f"Output '{id}' {error}.") from error

    def unload(self) -> None:
        """Let go of the network."""
        self._session = None

    def _require_axes(self, operations: Operations) -> None:
        """Raise ConfigError where operations end with another number of axes than the network's."""
        for id, tensor in self._inputs.items():
            names = [axis.name for axis in operations.input_axes(id)]
            # A network may leave it open how many axes it takes.
            if tensor.shape and len(tensor.shape) != len(names):
                raise ConfigError(
                    f"Input '{id}' has the axes {', '.join(names)} after its operations; the "
                    f"network's tensor {tensor.name} has {len(tensor.shape)} "
                    f"({', '.join(map(str, tensor.shape))}). transpose adds and leaves out axes."
                )


def onnx_model(config: Config) -> Model:
    """Return the model of a folder without code. Raises ConfigError unless one file is ONNX."""
    return OnnxModel(config)


def only_onnx(config: Config) -> str:
    """Return the id of the config's one ONNX file. Raises ConfigError."""
    found = [weights.id for weights in config.weights if weights.format == "onnx"]
    if len(found) == 1:
        return found[0]
    raise ConfigError(
        f"The model's folder has no {config.entrypoint}, so one of its weights must be of format "
        f"onnx; {', '.join(found) or 'none'} is."
    )


def threads(config: Config) -> int:
    """Return how many threads a prediction takes: MODELHUB_THREADS, else resources.cpus."""
    cpus = config.document.get("resources", {}).get("cpus", DEFAULT_CPUS)
    return max(1, int(os.environ.get("MODELHUB_THREADS") or cpus))


def open_session(path: str, threads: int) -> Any:
    """Return a session of ONNX Runtime. Raises SetupError without it, LoadError for a bad file."""
    try:
        import onnxruntime  # type: ignore[import-untyped]
    except ImportError as error:
        raise SetupError(
            "A model without code needs ONNX Runtime: install onnxruntime in the runtime image."
        ) from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Warnings about the graph are for who made it.
    options.log_severity_level = 3
    try:
        available = onnxruntime.get_available_providers()
        chosen = [provider for provider in PROVIDERS if provider in available]
        return onnxruntime.InferenceSession(path, options, providers=chosen)
    except Exception as error:
        raise LoadError(f"ONNX Runtime can't open the weights: {error}") from error


def tensor_of(subject: str, name: str | None, place: int, tensors: Sequence[Any]) -> Any:
    """Return the network's tensor of a name, else that in a place. Raises ConfigError."""
    found = [one for one in tensors if one.name == name] if name else tensors[place : place + 1]
    if not found:
        kind = subject.partition(" ")[0].lower()
        raise ConfigError(
            f"{subject}: the network has no {kind} tensor {name or f'number {place + 1}'}; "
            f"it has {named(tensors)}."
        )
    return found[0]


def named(tensors: Any) -> str:
    """Return the tensors' names for a sentence."""
    return ", ".join(tensor.name for tensor in tensors)


def dtype_of(tensor: Any) -> np.dtype[Any]:
    """Return numpy's type of a tensor's elements, such as float32 for tensor(float)."""
    inner = str(tensor.type)[len("tensor(") : -1]
    return np.dtype({"float": "float32", "double": "float64"}.get(inner, inner))
