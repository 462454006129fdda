"""Microseconds of each stage of a request: whole numbers, which JSON writes faster."""

from __future__ import annotations

from time import perf_counter_ns

STAGES = ("load", "convert", "preprocess", "infer", "postprocess")


class Stopwatch:
    """Adds up the time spent in each stage: `lap` says which stage has just ended."""

    def __init__(self) -> None:
        self._start = self._lap = perf_counter_ns()
        self._spent = dict.fromkeys(STAGES, 0)

    def lap(self, stage: str) -> None:
        """Count the time since the last lap towards a stage."""
        now = perf_counter_ns()
        self._spent[stage] += now - self._lap
        self._lap = now

    def skip(self) -> None:
        """Count the time since the last lap towards no stage."""
        self._lap = perf_counter_ns()

    def microseconds(self) -> dict[str, int]:
        """Return the microseconds of each stage, and the total since the start."""
        found = {stage: spent // 1000 for stage, spent in self._spent.items()}
        found["total"] = (perf_counter_ns() - self._start) // 1000
        return found
