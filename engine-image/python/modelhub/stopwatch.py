"""Seconds of each stage of a request."""

from __future__ import annotations

import time

STAGES = ("load", "convert", "preprocess", "infer", "postprocess")


class Stopwatch:
    """Adds up the time spent in each stage: `lap` says which stage has just ended."""

    def __init__(self) -> None:
        self._start = self._lap = time.perf_counter()
        self._spent = dict.fromkeys(STAGES, 0.0)

    def lap(self, stage: str) -> None:
        """Count the time since the last lap towards a stage."""
        now = time.perf_counter()
        self._spent[stage] += now - self._lap
        self._lap = now

    def skip(self) -> None:
        """Count the time since the last lap towards no stage."""
        self._lap = time.perf_counter()

    def seconds(self) -> dict[str, float]:
        """Return the seconds of each stage, and the total since the start, to the microsecond."""
        total = time.perf_counter() - self._start
        found = {stage: to_microsecond(spent) for stage, spent in self._spent.items()}
        found["total"] = to_microsecond(total)
        return found


def to_microsecond(seconds: float) -> float:
    """Return seconds to the microsecond: as `round(seconds, 6)`, which takes four times as long."""
    return int(seconds * 1e6 + 0.5) / 1e6
