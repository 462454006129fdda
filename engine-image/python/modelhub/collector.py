"""Requests on their way to the model: one by one, or those together that wait."""

from __future__ import annotations

import os
import time
from collections import deque
from typing import Any, Callable, NamedTuple

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
    folder: str | os.PathLike[str]


class Collector:
    """Takes requests from a queue: one by one, or several where the config has `model.batch`.

    `read(timeout)` puts what comes next into the queue, and says whether something came in time.
    """

    def __init__(
        self,
        queue: deque[Request | None],
        read: Callable[[float | None], bool],
        config: dict[str, Any],
    ) -> None:
        batch = config.get("model", {}).get("batch", {})
        self._queue = queue
        self._read = read
        self._most: int = batch.get("maxSize", 1)
        self._delay: float = batch.get("maxDelayMs", BATCH_DELAY_MS) / 1000
        self._stopped = False

    def next_batch(self) -> list[Request]:
        """Return what is to be run next; nothing once the queue gave None."""
        batch: list[Request] = []
        deadline: float | None = None
        while len(batch) < self._most and not self._stopped:
            if not self._queue:
                left = None if deadline is None else max(0.0, deadline - time.monotonic())
                if self._read(left) or left is None:
                    continue
                break
            request = self._queue.popleft()
            if request is None:
                self._stopped = True
                continue
            batch.append(request)
            deadline = deadline or time.monotonic() + self._delay
        return batch
