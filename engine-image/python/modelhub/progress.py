"""How far a batch is, on stderr: a bar in a terminal, now and then a line elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from typing import TextIO

#: Width of the bar in characters, and seconds between two lines where there is no terminal.
WIDTH, LINE_SECONDS = 30, 10.0


class Progress:
    """Counts what is done of `total`, and what of it failed."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self.failed = 0
        self._done = 0
        self._total = total
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._start = self._told = time.monotonic()

    def add(self, failed: bool) -> None:
        """Count one more, and tell it if it is time."""
        self._done += 1
        self.failed += failed
        now = time.monotonic()
        if self._is_terminal:
            # A line that is wrapped would stay, and fill the screen.
            width = shutil.get_terminal_size().columns - 1
            line = f"{self._bar()}{self._text()}{self._left(now)}"
            self._stream.write(f"\r\x1b[K{line[:width]}")
            self._stream.flush()
        elif now - self._told >= LINE_SECONDS:
            self._told = now
            print(f"modelhub: {self._text()}{self._left(now)}", file=self._stream, flush=True)

    def say(self, sentence: str) -> None:
        """Print a line, above the bar if there is one."""
        start = "\r\x1b[K" if self._is_terminal else ""
        print(f"{start}modelhub: {sentence}", file=self._stream, flush=True)

    def end(self) -> None:
        """Print the last line."""
        self.say(f"{self._text()}.")

    def _bar(self) -> str:
        full = WIDTH * self._done // self._total
        return f"[{'#' * full}{' ' * (WIDTH - full)}] "

    def _text(self) -> str:
        failed = f", {self.failed} failed" if self.failed else ""
        return f"{self._done} of {self._total} done{failed}"

    def _left(self, now: float) -> str:
        seconds = (now - self._start) / self._done * (self._total - self._done)
        return f", about {seconds:.0f} s left" if self._done < self._total else ""
