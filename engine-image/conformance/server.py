"""A running server of a model, and what a client sees of it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
FRONT = HERE.parent / "front" / "main.ts"
START_SECONDS = 60
#: Below those that systems give to outgoing connections: one of them would take it meanwhile.
PORTS = iter(range(15_000 + os.getpid() % 4_000, 20_000))


class Reply(NamedTuple):
    """A reply, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)


class Server:
    """The front and its worker for one model's folder, until `stop`."""

    def __init__(self, model: Path) -> None:
        self.model = model
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # MODELHUB_PYTHON stays: the worker runs in the environment of the engine's own tests.
        own = {
            "MODELHUB_MODEL": str(model),
            "MODELHUB_IDENTITY": "/nonexistent",
            "MODELHUB_PORT": str(self.port),
            "MODELHUB_HOST": "127.0.0.1",
        }
        self._process = subprocess.Popen(
            ["node", str(FRONT), "serve"], env={**os.environ, **own}, start_new_session=True
        )
        self._wait()

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        """Send one request; underscores in the names of headers become dashes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body or None, named)
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, fields, response.read())
        finally:
            connection.close()

    def predict(self, body: bytes, media_type: str) -> Reply:
        """Send a file as the model's only input."""
        return self.request("POST", "/api/predict", body, content_type=media_type)

    def resident_bytes(self) -> int:
        """Return the memory of the front, the worker and all that they started."""
        return sum(map(resident_bytes, tree(self._process.pid)))

    def stop(self) -> None:
        """End the server; no process of it stays."""
        pids = tree(self._process.pid)
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(60)
        end = time.monotonic() + 10
        while left := [pid for pid in pids if Path(f"/proc/{pid}/exe").exists()]:
            assert time.monotonic() < end, f"{left} are there still"
            time.sleep(0.05)

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if self.request("GET", "/health/ready").status == 200:
                    return
            except OSError:
                pass  # It doesn't listen yet.
            time.sleep(0.05)
        self._process.kill()
        raise RuntimeError(f"no server of {self.model} within {START_SECONDS} s")


def tree(root: int) -> list[int]:
    """Return the process and all that descend from it."""
    found = [root]
    for pid in found:
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            # It may have ended meanwhile.
            with contextlib.suppress(OSError):
                found += map(int, children.read_text().split())
    return found


def resident_bytes(pid: int) -> int:
    """Return the memory that a process holds; 0 once it ended."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def free_port() -> int:
    """Return a port that nobody listens on."""
    for port in PORTS:
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise RuntimeError("no port is free")
