"""The terminal: a command's data goes to stdout, words for people to stderr."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO

from .errors import EngineError, traceback_text


def print_json(value: dict[str, Any], out: TextIO) -> None:
    """Print one line of JSON."""
    print(json.dumps(value, allow_nan=False), file=out, flush=True)


def own_stdout() -> TextIO:
    """Return stdout for the command's data alone; what a model prints goes to stderr.

    By file descriptor, so that it holds for C libraries and child processes too.
    """
    sys.stdout.flush()
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    return ours


def say(sentence: str) -> None:
    """Print a sentence for people on stderr."""
    print(f"modelhub: {sentence}", file=sys.stderr)


def log_cause(error: EngineError) -> None:
    """Print the traceback of the contributor's code, if it raised, on stderr."""
    print(traceback_text(error), end="", file=sys.stderr)
