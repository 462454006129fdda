"""What the model prints, by file descriptor: from Python, from C libraries, from its children."""

from __future__ import annotations

import codecs
import contextlib
import os
import select
import sys
import threading
from typing import Callable

#: Linux: fcntl's number for the size of a pipe.
F_SETPIPE_SZ = 1031

#: Room in a pipe. A C library that holds Python's lock while it prints more than fits would wait
#: for the reading thread, which waits for the lock.
PIPE_BYTES = 2**20

#: Characters of the output that are kept, for the report of a model that doesn't load.
TAIL = 8_000

STREAMS = {1: "stdout", 2: "stderr"}


class Capture:
    """Puts pipes in the place of stdout and stderr, and gives what comes through to `emit`.

    `emit(stream, text)` is called with "stdout" or "stderr" from a thread of its own, and from
    `drain`; never from two at once.
    """

    def __init__(self, emit: Callable[[str, str], None]) -> None:
        self.tail = ""
        self._emit = emit
        self._lock = threading.Lock()
        self._flush_c = c_flush()
        self._ends = {}
        self._decoders = {}
        for number, name in STREAMS.items():
            reading = self._redirect(number)
            self._ends[reading] = name
            self._decoders[reading] = codecs.getincrementaldecoder("utf-8")("replace")
        # One for each thread: two may not use the same at once.
        self._poll = self._new_poll()
        # A line is out as soon as it is printed, as in a terminal.
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
        threading.Thread(target=self._pump, daemon=True, name="modelhub-capture").start()

    def drain(self) -> None:
        """Emit all that was printed so far, so that it comes before what is sent next."""
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        # A pipe is no terminal, so C keeps lines back.
        self._flush_c(None)
        # Under the lock: what the other thread has read is not yet emitted.
        with self._lock:
            if self._poll.poll(0):
                self._read()

    @staticmethod
    def _redirect(number: int) -> int:
        """Put a pipe in the place of a descriptor; return its other end, which never waits."""
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        if sys.platform == "linux":
            import fcntl

            # Where the system allows less, the size it has is enough for nearly all.
            with contextlib.suppress(OSError):
                fcntl.fcntl(writing, F_SETPIPE_SZ, PIPE_BYTES)
        os.dup2(writing, number)
        os.close(writing)
        return reading

    def _pump(self) -> None:
        poll = self._new_poll()
        while True:
            poll.poll()
            with self._lock:
                self._read()

    def _new_poll(self) -> select.poll:
        poll = select.poll()
        for reading in self._ends:
            poll.register(reading, select.POLLIN)
        return poll

    def _read(self) -> None:
        """Emit what is in the pipes. The lock is held."""
        for reading, name in self._ends.items():
            while True:
                try:
                    found = os.read(reading, 65536)
                except BlockingIOError:
                    break
                text = self._decoders[reading].decode(found)
                self.tail = (self.tail + text)[-TAIL:]
                self._emit(name, text)


def c_flush() -> Callable[[None], object]:
    """Return C's fflush, which with None writes out what all of its streams hold back."""
    # numpy imports ctypes in any case; where it doesn't, C libraries flush when they do.
    ctypes = sys.modules.get("ctypes")
    return ctypes.CDLL(None).fflush if ctypes is not None else lambda _: None
