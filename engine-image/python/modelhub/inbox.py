"""The front's frames: read by the main thread while it waits, by another one while it works."""

from __future__ import annotations

import select
import socket
import threading
import time
from types import TracebackType
from typing import Any, Callable

from .frames import read_frame

#: Bytes that are read from the socket at once; a photograph is then one read, or two.
BUFFER_BYTES = 2**18

#: Seconds between two looks at the socket while the model runs: so late is a cancel heard at most.
LOOK_SECONDS = 0.02

#: Looks without work after which the watching thread rests.
LOOKS_BEFORE_REST = 50


class SocketStream:
    """A socket as a stream of bytes that tells whether a read would wait."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._view = memoryview(bytearray(BUFFER_BYTES))
        self._start = self._end = 0
        self._poll = select.poll()
        self._poll.register(connection, select.POLLIN)

    def has_bytes(self, timeout: float | None = 0) -> bool:
        """Whether there is something to read within `timeout` seconds (None: wait for it)."""
        if self._end > self._start:
            return True
        return bool(self._poll.poll(None if timeout is None else max(0.0, timeout * 1000)))

    def read(self, count: int) -> bytes:
        """Return `count` bytes; fewer where the stream ends before."""
        if self._end - self._start < count:
            if count > len(self._view):
                return self._read_long(count)
            self._fill(count)
        start = self._start
        self._start = min(self._end, start + count)
        return bytes(self._view[start : self._start])

    def _fill(self, count: int) -> None:
        """Have `count` bytes in the buffer, where there are as many."""
        rest = bytes(self._view[self._start : self._end])
        self._view[: len(rest)] = rest
        self._start, self._end = 0, len(rest)
        while self._end < count:
            found = self._socket.recv_into(self._view[self._end :])
            if found == 0:
                return
            self._end += found

    def _read_long(self, count: int) -> bytes:
        """Return what the buffer is too small for."""
        whole = bytearray(count)
        have = self._end - self._start
        whole[:have] = self._view[self._start : self._end]
        self._start = self._end = 0
        with memoryview(whole) as view:
            while have < count:
                found = self._socket.recv_into(view[have:])
                if found == 0:
                    break
                have += found
        return bytes(whole[:have])


class Inbox:
    """Gives each frame to `receive(header, body)`, and calls `ended` at the end of the stream.

    `with inbox:` the main thread reads by itself, for it has nothing else to do. Outside of it, a
    thread looks at the socket every LOOK_SECONDS: a handover to a thread for every request would
    cost more than many a model. `receive` is never called by two at once.
    """

    def __init__(
        self,
        stream: SocketStream,
        receive: Callable[[dict[str, Any], bytes], None],
        ended: Callable[[Exception | None], None],
    ) -> None:
        self._stream = stream
        self._receive = receive
        self._ended = ended
        self._reading = threading.Lock()
        self._working = threading.Event()
        self._working.set()
        threading.Thread(target=self._watch, daemon=True, name="modelhub-frames").start()

    def __enter__(self) -> None:
        self._reading.acquire()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._reading.release()
        # Asking is cheap, setting isn't.
        if not self._working.is_set():
            self._working.set()

    def read(self, timeout: float | None = None) -> bool:
        """Take the next frame; whether one came within `timeout` seconds (None: wait for it)."""
        try:
            if timeout is not None and not self._stream.has_bytes(timeout):
                return False
            frame = read_frame(self._stream)
            if frame is not None:
                self._receive(*frame)
                return True
        except Exception as error:
            self._ended(error)
            raise
        self._ended(None)
        return False

    def _watch(self) -> None:
        idle = 0
        while True:
            self._working.wait()
            time.sleep(LOOK_SECONDS)
            idle = 0 if self._look() else idle + 1
            if idle < LOOKS_BEFORE_REST:
                continue
            self._working.clear()
            # The main thread may have gone to work just before that, and not have set it.
            if self._look():
                self._working.set()

    def _look(self) -> bool:
        """Take the frames that are there; False where the main thread reads by itself."""
        if not self._reading.acquire(blocking=False):
            return False
        try:
            while self.read(timeout=0):
                pass
        finally:
            self._reading.release()
        return True
