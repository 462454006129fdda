"""Requests on their way to the model: one by one, or those together that wait."""

from __future__ import annotations

import time
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from .context import Task
from .sources import Source

#: Milliseconds that a batch waits for more, where the config doesn't say.
BATCH_DELAY_MS = 2.0


class Request(NamedTuple):
    """One prediction to make, the form of its outputs, and the folder for those that are large."""

    id: str
    sources: dict[str, Source]
    task: Task
    encode: str
    folder: Path


class Collector:
    """Takes requests from a queue: one by one, or several where the config has `model.batch`."""

    def __init__(self, queue: SimpleQueue[Request | None], config: dict[str, Any]) -> None:
        batch = config.get("model", {}).get("batch", {})
        self._queue = queue
        self._most: int = batch.get("maxSize", 1)
        self._delay: float = batch.get("maxDelayMs", BATCH_DELAY_MS) / 1000
        self._stopped = False

    def next_batch(self) -> list[Request]:
        """Return what is to be run next; nothing once the queue gave None."""
        first = None if self._stopped else self._queue.get()
        if first is None:
            return []
        batch = [first]
        deadline = time.monotonic() + self._delay
        while len(batch) < self._most and not self._stopped:
            try:
                request = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except Empty:
                break
            if request is None:
                self._stopped = True
            else:
                batch.append(request)
        return batch
