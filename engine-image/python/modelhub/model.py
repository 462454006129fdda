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
from .errors import LoadError, SetupError

#: Optional functions of a model, beside `load` and `infer`.
HOOKS = ("preprocess_native", "preprocess", "postprocess")


class Model:
    """A model. Derive from it in `model.py`, or write two functions `load` and `infer` instead.

    Optional methods, in the order in which they are called:

    - `preprocess_native(image)`: a PIL image in, a PIL image out, such as a resized one;
    - `preprocess(array)`: the array in the config's axis order, channels and dtype; what it
      returns goes to `infer`;
    - `postprocess(output)`: what `infer` returned; what it returns becomes the outputs.

    The first two get the input's id if they take a keyword `input`.
    """

    def load(self, context: Context) -> None:
        """Load weights and whatever else is needed; called once."""

    def infer(self, *args: Any, **inputs: Any) -> Any:
        """Return the value of the one output, or a dict by output id.

        Called with one keyword for each input of the config, by its id.
        """
        raise NotImplementedError("infer")

    def unload(self) -> None:
        """Let go of what `load` took; called once, at the end. Optional."""


class FunctionModel(Model):
    """A module with the functions `load(context)` and `infer(model, …)`, as a Model."""

    def __init__(self, module: ModuleType) -> None:
        self._load = module.load
        self._infer = module.infer
        self._loaded: Any = None
        for name in HOOKS:
            if hasattr(module, name):
                setattr(self, name, getattr(module, name))

    def load(self, context: Context) -> None:
        """Keep what the function returns; `infer` gets it as its first argument."""
        self._loaded = self._load(context)

    def infer(self, *args: Any, **inputs: Any) -> Any:
        """Call the function."""
        return self._infer(self._loaded, **inputs)


def open_model(config: Config, folder: Path) -> Model:
    """Import the folder's entrypoint and return its model, not yet loaded.

    The folder stays on `sys.path` until `forget_model`, so that the model finds its own modules,
    also those it imports late. Raises SetupError.
    """
    path = folder / config.entrypoint
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
        raise LoadError(f"{entrypoint} raised {type(error).__name__}: {error}") from error
    return module


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
    """Raise SetupError unless `infer` can be called with the config's inputs as keywords."""
    ids = [input.id for input in config.inputs]
    given = (object(),) if isinstance(model, FunctionModel) else ()
    function = model._infer if isinstance(model, FunctionModel) else model.infer
    signature = inspect.signature(function)
    try:
        signature.bind(*given, **dict.fromkeys(ids))
    except TypeError as error:
        raise SetupError(
            f"infer{signature} doesn't take the config's inputs as keywords "
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
