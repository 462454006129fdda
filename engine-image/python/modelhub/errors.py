"""What can go wrong, and what the client is told.

EngineError
├── InputError                    the client's mistake
│   ├── WrongInputs         400   an input is missing, or no input of the model
│   ├── FormatRefused       406   an output has no such form
│   ├── MediaTypeRefused    415   bytes of a kind that the config doesn't declare
│   ├── InputUndecodable    422   truncated, damaged, or not a number
│   └── InputOutsideLimits  422   too large, or outside the config's axes, dtype or range
├── SetupError              503   the model's folder can't be used
│   ├── ConfigError         503   its modelhub.json doesn't say what is needed
│   └── LoadError           503   its code raised when it was imported or loaded
├── ModelError              500   the model raised; the log has the traceback under the id
├── OutputError             500   the model gave what is no output
├── EngineFault             500   the engine's own code raised; the log has the traceback
├── Cancelled               499   the client no longer wants the answer
└── ProtocolError           500   front and worker don't understand each other
"""

from __future__ import annotations

import copyreg
import os
from typing import Any


class EngineError(Exception):
    """Base of all errors here. `str(error)` is the sentence for the client."""

    status = 500
    code = "engine_error"
    title = "The engine failed"

    #: Whether the contributor's code raised the cause, so that its traceback belongs in the log.
    logged = False

    def __reduce__(self) -> Any:
        """Pickle the sentence as it is: it isn't what the constructor takes."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]

    def as_problem(self) -> dict[str, str | int]:
        """Return the error as the front sends it on: code, title, status, detail."""
        return {
            "code": self.code,
            "title": self.title,
            "status": self.status,
            "detail": str(self),
        }


class InputError(EngineError):
    """The client's mistake."""

    status = 400
    code = "input_error"
    title = "The input can't be used"


class WrongInputs(InputError):
    """An input is missing, or the model has no such input."""

    status = 400
    code = "wrong_inputs"
    title = "The inputs don't fit the model"


class FormatRefused(InputError):
    """None of the outputs can be given in the format that was asked for."""

    status = 406
    code = "not_acceptable"
    title = "The outputs have no such form"


class MediaTypeRefused(InputError):
    """The bytes are of a kind that the config doesn't declare."""

    status = 415
    code = "unsupported_media_type"
    title = "The media type is not one of the model's"


class InputUndecodable(InputError):
    """The bytes are truncated or damaged, or hold NaN."""

    status = 422
    code = "input_undecodable"
    title = "The input can't be read"


class InputOutsideLimits(InputError):
    """The input is too large, or outside the axes, dtype or range of the config."""

    status = 422
    code = "input_outside_limits"
    title = "The input is outside the model's limits"


class SetupError(EngineError):
    """The model's folder can't be used."""

    status = 503
    code = "setup_failed"
    title = "The model could not be loaded"


class ConfigError(SetupError):
    """The folder's modelhub.json doesn't say what the engine needs."""

    code = "config_invalid"
    title = "The model's config can't be used"


class LoadError(SetupError):
    """The folder's code raised when it was imported or loaded; the cause is in `__cause__`."""

    logged = True


class ModelError(EngineError):
    """The model raised. The cause is in `__cause__`, for the log; the client gets `id` only."""

    code = "model_failed"
    title = "The model failed"
    logged = True

    def __init__(self, step: str) -> None:
        self.id = os.urandom(4).hex()
        super().__init__(f"The model failed in {step}. The log tells why, under id {self.id}.")


class EngineFault(EngineError):
    """The engine's own code raised, or memory ran out there; logged as a ModelError is."""

    code = "engine_fault"
    logged = True

    def __init__(self) -> None:
        self.id = os.urandom(4).hex()
        super().__init__(f"The engine failed. The log tells why, under id {self.id}.")


class OutputError(EngineError):
    """The model gave what is no output: NaN, another shape, another type."""

    code = "output_invalid"
    title = "The model gave an output that can't be used"


class Cancelled(EngineError):
    """The client no longer wants the answer."""

    # 499 is what proxies log for a client that closed the request; HTTP itself has no word.
    status = 499
    code = "cancelled"
    title = "The request was cancelled"

    def __init__(self) -> None:
        super().__init__("The request was cancelled.")


class ProtocolError(EngineError):
    """Front and worker don't understand each other."""

    code = "protocol_error"
    title = "The worker got a message it can't read"


def traceback_text(error: EngineError) -> str:
    """Return the traceback of what the contributor's code raised; empty if it raised nothing."""
    cause = error.__cause__
    if not error.logged or cause is None:
        return ""
    import traceback

    lines = traceback.format_exception(type(cause), cause, cause.__traceback__)
    title = f"error {error.id}:\n" if isinstance(error, (ModelError, EngineFault)) else ""
    return title + "".join(lines)
