"""The contributor's model, as class or as functions, under one interface."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

from .config import Config
from .context import Context
from .contribution import is_legacy, keeps_old_code
from .errors import LoadError, SetupError

#: Optional functions of a model, beside `load` and `infer`.
HOOKS = ("preprocess_native", "preprocess", "postprocess")

#: What else a module of functions may have: chains of its own.
CHAINS = ("loaders", "converters")


class Model:
    """A model. Derive from it in `model.py`, or write two functions `load` and `infer` instead.

    Optional methods, in the order in which they are called:

    - `preprocess_native(native)`: of an image, the PIL image as decoded; of a volume, what its
      loader gave. Returns one of the same kind, such as a resized image.
    - `preprocess(array)`: an array with the config's axes, in their order, and its dtype, after
      the config's named operations. What it returns goes to `infer`; where the config names no
      operations, that has the fixed sizes of the axes.
    - `infer_batch(…)`: instead of `infer`, where several requests wait and the config has
      `model.batch`. Each keyword is a list, one element for each request; returns a list of what
      `infer` would return, in the same order.
    - `postprocess(output)`: what `infer` returned for one request; what it returns becomes the
      outputs, after the config's named operations.

    The first two get the input's id if they take a keyword `input`; to refuse an input they raise
    `modelhub.InputError("has …")`, a sentence that begins with its verb. Whatever else is raised
    is a ModelError for the client, with its traceback in the log.

    `loaders` and `converters` are lists of classes derived from `modelhub.Loader` and
    `modelhub.Converter`, for files that the engine doesn't read; they come before its own.
    """

    def load(self, context: Context) -> None:
        """Load weights and whatever else is needed; called once, before any request."""

    def infer(self, *args: Any, **inputs: Any) -> Any:
        """Return the value of the one output, or a dict by output id.

        Called with one keyword for each input of the config, by its id: an array with the
        config's axes and dtype, or what `preprocess` made of it; a text as str, a file as bytes.
        What each type of output takes is in `modelhub.outputs`; positions are in pixels of the
        input, probabilities from 0 to 1, and no number is NaN.
        """
        raise NotImplementedError("infer")

    def unload(self) -> None:
        """Let go of what `load` took; called once, at the end. Optional."""


class FunctionModel(Model):
    """A module with the functions `load(context)` and `infer(model, …)`, as a Model.

    `infer_batch(model, …)` and `unload(model)` get what `load` returned as well.
    """

    def __init__(self, module: ModuleType) -> None:
        self.module = module
        self._loaded: Any = None
        for name in HOOKS + CHAINS:
            if hasattr(module, name):
                setattr(self, name, getattr(module, name))
        if hasattr(module, "infer_batch"):
            self.infer_batch = lambda **inputs: module.infer_batch(self._loaded, **inputs)

    def load(self, context: Context) -> None:
        """Keep what the function returns; `infer` gets it as its first argument."""
        self._loaded = self.module.load(context)

    def infer(self, *args: Any, **inputs: Any) -> Any:
        """Call the function."""
        return self.module.infer(self._loaded, **inputs)

    def unload(self) -> None:
        """Call the function, if there is one."""
        if hasattr(self.module, "unload"):
            self.module.unload(self._loaded)
        self._loaded = None


def open_model(config: Config, folder: Path) -> Model:
    """Import the folder's entrypoint and return its model, not yet loaded.

    The folder stays on `sys.path` until `forget_model`, so that the model finds its own modules,
    also those it imports late. Raises SetupError.
    """
    if is_legacy(folder) or keeps_old_code(folder, config.entrypoint):
        from .legacy import LegacyModel

        return LegacyModel(config, folder)
    path = folder / config.entrypoint
    if not path.is_file() and any(item.format == "onnx" for item in config.weights):
        from .onnx_model import onnx_model

        return onnx_model(config)
    if not path.is_file():
        raise SetupError(f"The model's folder has no {config.entrypoint}.")
    sys.path.insert(0, str(folder))
    module = import_file(path, config.entrypoint)
    model = find_model(module, config.entrypoint)
    check_arguments(model, config)
    return model


def forget_model(folder: Path) -> None:
    """Undo what `open_model` did to this process's imports."""
    if str(folder) in sys.path:
        sys.path.remove(str(folder))
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file is not None and folder in Path(file).parents:
            del sys.modules[name]


def import_file(path: Path, entrypoint: str) -> ModuleType:
    """Import a Python file under its own name, so that pickles and spawned processes find it."""
    name = path.stem if path.stem not in sys.modules else f"modelhub_model_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SetupError(f"{entrypoint} is no Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        hint = package_hint(error)
        raise LoadError(f"{entrypoint} raised {type(error).__name__}: {error}{hint}") from error
    return module


def package_hint(error: BaseException) -> str:
    """Return what to do about a package that isn't there; nothing for other errors."""
    if not isinstance(error, ModuleNotFoundError):
        return ""
    return "\n  hint: the runtime's requirements.txt names the packages that it imports"


def find_model(module: ModuleType, entrypoint: str) -> Model:
    """Return the module's model: its one class derived from Model, or its two functions."""
    classes = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Model)
        and value.__module__ == module.__name__
    ]
    functions = [name for name in ("load", "infer") if callable(getattr(module, name, None))]
    if len(classes) == 1 and not functions:
        return construct(classes[0], entrypoint)
    if not classes and len(functions) == 2:
        return FunctionModel(module)
    found = [value.__name__ for value in classes] + [f"{name}()" for name in functions]
    raise SetupError(
        f"{entrypoint} needs the functions load and infer, or one class derived from "
        f"modelhub.Model; found {', '.join(found) or 'neither'}."
    )


def construct(model: type[Model], entrypoint: str) -> Model:
    """Return an instance. Raises LoadError where the constructor does, or wants arguments."""
    try:
        return model()
    except Exception as error:
        raise LoadError(
            f"{model.__name__} in {entrypoint} can't be constructed: {error}"
        ) from error


def check_arguments(model: Model, config: Config) -> None:
    """Raise SetupError unless the model can be called with the config's inputs as keywords."""
    ids = [input.id for input in config.inputs]
    holder = model.module if isinstance(model, FunctionModel) else model
    given = (object(),) if holder is not model else ()
    for name in ("infer", "infer_batch"):
        function = getattr(holder, name, None)
        if function is None:
            continue
        signature = inspect.signature(function)
        try:
            signature.bind(*given, **dict.fromkeys(ids))
        except TypeError as error:
            raise SetupError(
                f"{name}{signature} doesn't take the config's inputs as keywords "
                f"({', '.join(ids)}): {error}."
            ) from error


def hook(model: Model, name: str) -> Callable[[Any, str], Any] | None:
    """Return an optional method of the model, as a function of a value and an input's id.

    The id is passed on as the keyword `input` where the method has one beside its first argument.
    """
    found = getattr(model, name, None)
    if not callable(found):
        return None
    parameters = list(inspect.signature(found).parameters.values())
    if any(item.kind is item.VAR_KEYWORD or item.name == "input" for item in parameters[1:]):
        return lambda value, input_id: found(value, input=input_id)
    return lambda value, _: found(value)
