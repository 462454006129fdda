"""Seconds of each stage of a request."""

from __future__ import annotations

import time
from types import TracebackType

STAGES = ("load", "convert", "preprocess", "infer", "postprocess")


class Stopwatch:
    """Adds up the time spent in each stage: `with watch("load"): …`."""

    def __init__(self) -> None:
        self._start = self._lap = time.perf_counter()
        self._spent = dict.fromkeys(STAGES, 0.0)
        self._stage = ""

    def __call__(self, stage: str) -> Stopwatch:
        """Name the stage that the next `with` block is."""
        self._stage = stage
        return self

    def __enter__(self) -> None:
        self._lap = time.perf_counter()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._spent[self._stage] += time.perf_counter() - self._lap

    def seconds(self) -> dict[str, float]:
        """Return the seconds of each stage, and the total since the start, to the microsecond."""
        total = time.perf_counter() - self._start
        found = {stage: to_microsecond(spent) for stage, spent in self._spent.items()}
        found["total"] = to_microsecond(total)
        return found


def to_microsecond(seconds: float) -> float:
    """Return seconds to the microsecond: as `round(seconds, 6)`, which takes four times as long."""
    return int(seconds * 1e6 + 0.5) / 1e6
