"""The worker: `python3 -m modelhub.worker --socket PATH`; the front calls `start`.

The front listens on the socket and the worker connects; frames.py has the form of a frame. The
main thread loads the model and runs one request after the other, or those that wait together
where the model takes batches. A second thread looks for frames meanwhile, so that `cancel` is
heard; a third forwards what the model prints.

Front to worker: infer, cancel, stop. Worker to front: hello, then ready or setup_failed, then
progress, metric, log, result, error.
"""

from __future__ import annotations

import faulthandler
import gc
import os
import socket
import sys
import threading
import time
from collections import deque
from typing import Any, NoReturn

from .capture import Capture
from .collector import Collector, Request
from .context import Task
from .encoders import worker_result
from .engine import Engine
from .errors import EngineError, EngineFault, ProtocolError, traceback_text
from .frames import encode_frame
from .identity import engine_version
from .inbox import Inbox, SocketStream
from .processor import Result
from .sources import Source, Tensor

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

#: Seconds for which what the system said of this process's memory is good enough.
MEMORY_SECONDS = 0.5


class Connection:
    """The socket to the front. Any thread may send."""

    def __init__(self, path: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.connect(path)
        except OSError:
            self._socket.close()
            raise
        self.stream = SocketStream(self._socket)
        self._lock = threading.Lock()

    def send(self, body: bytes = b"", **header: Any) -> None:
        """Send a frame. Raises ProtocolError where its header is too large."""
        frame = encode_frame(header, body)
        with self._lock:
            try:
                self._socket.sendall(frame)
            except OSError:
                # The front is gone, and with it all that this process is for.
                os._exit(1)


class Worker:
    """Loads the model, and answers the front's frames until it says stop or hangs up."""

    def __init__(self, connection: Connection, capture: Capture) -> None:
        self._connection = connection
        self._capture = capture
        self._queue: deque[Request | None] = deque()
        self._tasks: dict[str, Task] = {}
        self._memory = Memory()

    def run(self) -> int:
        """Serve; return the process's exit code."""
        send = self._connection.send
        python = ".".join(map(str, sys.version_info[:3]))
        send(type="hello", pid=os.getpid(), python=python, engine=engine_version())
        inbox = Inbox(self._connection.stream, self._receive, self._hang_up)
        start = time.perf_counter()
        try:
            engine = Engine(os.environ.get("MODELHUB_MODEL") or ".")
            engine.context.on_metric = lambda name, value: send(
                type="metric", name=name, value=value
            )
            engine.load()
        except EngineError as error:
            self._log_cause(error)
            send(type="setup_failed", error=error.as_problem(), log=self._capture.tail)
            return 1
        self._capture.drain()
        seconds = round(time.perf_counter() - start, 6)
        # What is loaded stays, so that looking through it for what could go is in vain.
        gc.freeze()
        send(type="ready", seconds=seconds, rss=self._memory.resident())
        collector = Collector(self._queue, inbox.read, engine.config.document)
        while True:
            with inbox:
                batch = collector.next_batch()
            if not batch:
                break
            self._answer(engine, batch)
        engine.close()
        self._capture.drain()
        return 0

    def _answer(self, engine: Engine, batch: list[Request]) -> None:
        """Run requests together and send the result or error of each."""
        outcomes = engine.run_batch([(request.sources, request.task) for request in batch])
        for request, outcome in zip(batch, outcomes):
            reply, body = self._reply(engine, request, outcome)
            # Before the reply goes out, since from then on the front may use the id anew.
            self._tasks.pop(request.id, None)
            try:
                self._connection.send(body, id=request.id, **reply)
            except ProtocolError as error:
                self._connection.send(id=request.id, **self._failure(error))

    def _reply(
        self, engine: Engine, request: Request, outcome: Result | EngineError
    ) -> tuple[dict[str, Any], bytes]:
        """Return the frame's header and body; what was printed meanwhile is sent before."""
        if isinstance(outcome, EngineError):
            return self._failure(outcome), b""
        start = time.perf_counter_ns()
        try:
            outputs, files, body = worker_result(
                outcome, request.encode, request.folder, engine, request.sources
            )
        except EngineError as error:
            return self._failure(error), b""
        except Exception as error:
            fault = EngineFault()
            fault.__cause__ = error
            return self._failure(fault), b""
        encode = (time.perf_counter_ns() - start) // 1000
        microseconds = {**outcome.microseconds, "encode": encode}
        microseconds["total"] = microseconds.pop("total") + encode
        self._capture.drain()
        reply: dict[str, Any] = {"type": "result", "outputs": outputs}
        reply["microseconds"] = microseconds
        reply["rss"] = self._memory.resident()
        if files:
            reply["files"] = files
        return reply, body

    def _failure(self, error: EngineError) -> dict[str, Any]:
        self._log_cause(error)
        return {"type": "error", "error": error.as_problem()}

    def _log_cause(self, error: EngineError) -> None:
        """Put the traceback of the model's code into the log, before the error is sent."""
        print(traceback_text(error), end="", file=sys.stderr)
        self._capture.drain()

    def _hang_up(self, error: Exception | None) -> None:
        """End at once: without a front, or its place in the stream, the worker is of no use."""
        if error is not None:
            print(f"modelhub: {type(error).__name__}: {error}", file=sys.stderr)
            self._capture.drain()
        os._exit(0 if error is None else 1)

    def _receive(self, header: dict[str, Any], body: bytes) -> None:
        kind = header.get("type")
        if kind == "infer":
            self._enqueue(header, body)
        elif kind == "cancel":
            task = self._tasks.get(header["id"])
            if task is not None:
                task.cancelled = True
        elif kind == "stop":
            self._queue.append(None)
        else:
            raise ProtocolError(f"There is no message of type {kind!r}.")

    def _enqueue(self, header: dict[str, Any], body: bytes) -> None:
        id = header["id"]
        send = self._connection.send
        task = Task(lambda fraction: send(type="progress", id=id, fraction=fraction))
        sources = {name: read_source(value, body) for name, value in header["inputs"].items()}
        self._tasks[id] = task
        encode = header.get("encode", "json")
        # Without a folder there is no place for what is large, and writing it fails.
        folder = header.get("folder", os.devnull)
        self._queue.append(Request(id, sources, task, encode, folder))


def read_source(value: dict[str, Any], body: bytes) -> Source:
    """Return the source of one input of an infer message: the frame's body, or files."""
    content = body if value.get("body") else value.get("paths") or value["path"]
    tensor = value.get("tensor")
    return Source(
        content,
        value.get("mediaType"),
        None if tensor is None else Tensor(tensor["dtype"], tuple(tensor["shape"])),
    )


class Memory:
    """The memory of this process, as Linux tells it."""

    def __init__(self) -> None:
        self._bytes = 0
        self._asked = float("-inf")
        try:
            self._file = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._file = -1

    def resident(self) -> int:
        """Return the bytes that it held a moment ago; 0 where the system doesn't tell."""
        now = time.monotonic()
        if self._file != -1 and now - self._asked > MEMORY_SECONDS:
            self._bytes = int(os.pread(self._file, 100, 0).split()[1]) * PAGE_BYTES
            self._asked = now
        return self._bytes


def main(words: list[str]) -> int:
    """Connect and serve; return the process's exit code."""
    if len(words) != 2 or words[0] != "--socket":
        print("modelhub: usage: python3 -m modelhub.worker --socket PATH", file=sys.stderr)
        return 2
    # A crash in native code prints where it was; past the capture, which dies with the process.
    faulthandler.enable(file=os.dup(2))
    try:
        connection = Connection(words[1])
    except OSError as error:
        print(f"modelhub: can't connect to {words[1]}: {error.strerror}", file=sys.stderr)
        return 1
    capture = Capture(lambda stream, text: connection.send(type="log", stream=stream, text=text))
    try:
        return Worker(connection, capture).run()
    except Exception:
        # The process ends before the capture's thread would have read this.
        sys.excepthook(*sys.exc_info())
        capture.drain()
        return 1


def start() -> NoReturn:
    """Be the worker's process, to its end."""
    # What the imports made stays; the front's command has kept Python from looking through it.
    gc.freeze()
    gc.enable()
    code = main(sys.argv[1:])
    # Until Python 3.9, stderr keeps lines back.
    sys.stderr.flush()
    # At once: threads of the model's libraries may not end by themselves.
    os._exit(code)


if __name__ == "__main__":
    start()
