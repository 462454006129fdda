"""Libraries that only some kinds of input need; they are imported when the model is loaded."""

from __future__ import annotations

import importlib
from typing import Any

from .errors import SetupError


def library(module: str, name: str, input_id: str, what: str) -> Any:
    """Return the module of a library. Raises SetupError where the runtime lacks it.

    `name` is the library's; `what` says what the input is or takes, such as "is an image".
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise SetupError(
            f"Input '{input_id}' {what}, and the runtime has no {name} to read it: "
            f"add {name.lower()} to what its Dockerfile installs."
        ) from error
