"""Predictions that take longer than their author said."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import Callable, Iterator

from .config import Config

#: Seconds of a prediction where the config says none, as for the server.
DEFAULT_TIMEOUT = 120


@contextmanager
def patience(config: Config, title: str, say: Callable[[str], None]) -> Iterator[None]:
    """Say so when what runs in here takes longer than a server would wait; don't stop it.

    A server has others to answer. Whoever waits in a terminal may have a slower machine, and can
    end it.
    """
    seconds = config.document.get("resources", {}).get("timeoutSeconds", DEFAULT_TIMEOUT)
    sentence = (
        f"{title}: still at work after {seconds:g} s, the timeoutSeconds of modelhub.json. "
        "A server and `modelhub test` give up then; here Ctrl-C ends it."
    )
    timer = threading.Timer(seconds, say, [sentence])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
