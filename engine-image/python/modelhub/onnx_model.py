"""A model without code: ONNX Runtime runs the weights between the config's named operations."""

from __future__ import annotations

import os
from typing import Any, Sequence

import numpy as np

from .arrays import Array
from .config import Config, Input, Output
from .context import Context
from .errors import ConfigError, LoadError, OutputError, SetupError
from .model import Model
from .operations import Operations
from .operations.values import converted

#: Most threads where neither MODELHUB_THREADS nor the config says how many.
DEFAULT_CPUS = 2

#: What runs the network, the first that is there.
PROVIDERS = ("CUDAExecutionProvider", "CPUExecutionProvider")


class OnnxModel(Model):
    """The one ONNX file of a config.

    Inputs go to the tensors that they name in `tensor`, else in order; so do outputs. `infer`
    takes what the operations made of the inputs, and gives what they start from.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._weights = only_onnx(config)
        self._session: Any = None
        self._inputs: dict[str, Any] = {}
        self._outputs: dict[str, str] = {}

    def load(self, context: Context) -> None:
        """Open the file. Raises SetupError without ONNX Runtime, ConfigError for other tensors."""
        session = open_session(str(context.weights(self._weights)), threads(self._config))
        given, wanted = session.get_inputs(), session.get_outputs()
        self._inputs = assigned(self._config.inputs, given, "input")
        outputs = assigned(self._config.outputs, wanted, "output")
        self._outputs = {id: tensor.name for id, tensor in outputs.items()}
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
        results = self._session.run(list(self._outputs.values()), feed)
        for id, result in zip(self._outputs, results):
            if not isinstance(result, np.ndarray):
                raise OutputError(f"Output '{id}': the network gave no array.")
        return dict(zip(self._outputs, results))

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


def assigned(
    wanting: Sequence[Input | Output], tensors: Sequence[Any], kind: str
) -> dict[str, Any]:
    """Return the network's tensor of each input or output, by id. Raises ConfigError."""
    found = {}
    for index, one in enumerate(wanting):
        matching = [tensor for tensor in tensors if tensor.name == one.tensor]
        if one.tensor is None:
            matching = list(tensors[index : index + 1])
        if not matching:
            raise ConfigError(
                f"{kind.capitalize()} '{one.id}': the network has no {kind} tensor "
                f"{one.tensor or f'number {index + 1}'}; it has {named(tensors)}."
            )
        found[one.id] = matching[0]
    return found


def named(tensors: Any) -> str:
    """Return the tensors' names for a sentence."""
    return ", ".join(tensor.name for tensor in tensors)


def dtype_of(tensor: Any) -> np.dtype[Any]:
    """Return numpy's type of a tensor's elements, such as float32 for tensor(float)."""
    inner = str(tensor.type)[len("tensor(") : -1]
    return np.dtype({"float": "float32", "double": "float64"}.get(inner, inner))
