"""The worker as a process, over a socket, with this file in the place of the front."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Iterator
from unittest.mock import Mock

import numpy as np
import pytest
from conftest import MODELS, WriteModel, environment
from test_array_inputs import npy

from modelhub import Engine
from modelhub.capture import Capture
from modelhub.frames import encode_frame, read_frame
from modelhub.worker import Connection, Worker


class Front:
    """Listens, starts a worker, and keeps all that it says."""

    def __init__(self, folder: Path, model: Path) -> None:
        path = folder / "socket"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        listener.settimeout(60)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "modelhub.worker", "--socket", str(path)],
            env=environment(MODELHUB_MODEL=str(model)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.socket, _ = listener.accept()
        listener.close()
        self.socket.settimeout(60)
        self._frames = self.socket.makefile("rb")
        self.seen: list[dict[str, Any]] = []
        #: Body of the last frame.
        self.body = b""

    def send(self, body: bytes = b"", **header: Any) -> None:
        self.socket.sendall(encode_frame(header, body))

    def infer(self, id: str, body: bytes) -> None:
        inputs = {"numbers": {"mediaType": "application/x-npy", "body": True}}
        self.send(body, type="infer", id=id, inputs=inputs)

    def receive(self) -> dict[str, Any] | None:
        frame = read_frame(self._frames)
        if frame is None:
            return None
        header, self.body = frame
        self.seen.append(header)
        return header

    def until(self, *types: str) -> dict[str, Any]:
        """Return the next message of one of these types; None at the end fails."""
        while True:
            message = self.receive()
            assert message is not None, f"no {types} among {self.seen}"
            if message["type"] in types:
                return message

    def logged(self, stream: str) -> str:
        return "".join(
            message["text"]
            for message in self.seen
            if message["type"] == "log" and message["stream"] == stream
        )

    def end(self) -> tuple[int, bytes, bytes]:
        """Wait for the worker to end; return exit code, and what came past its socket."""
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


StartFront = Callable[..., Front]


@pytest.fixture(name="start")
def start_front(tmp_path: Path) -> Iterator[StartFront]:
    fronts = []

    def start_(model: str | Path) -> Front:
        front = Front(tmp_path, MODELS / model)
        fronts.append(front)
        return front

    yield start_
    for front in fronts:
        front._frames.close()
        front.socket.close()
        front.process.kill()
        front.process.communicate()


def test_says_hello_and_then_that_it_is_ready(start: StartFront) -> None:
    front = start("colours")
    python = ".".join(map(str, sys.version_info[:3]))
    hello = {"type": "hello", "pid": front.process.pid, "python": python, "engine": "1.2.3"}
    assert front.receive() == hello
    ready = front.receive()
    assert ready is not None
    assert set(ready) == {"type", "seconds", "rss"}
    assert ready["type"] == "ready"
    assert 0 < ready["seconds"] < 10


def test_predicts_from_a_file_and_from_a_body(start: StartFront) -> None:
    front = start("colours")
    front.until("ready")
    path = MODELS / "colours/samples/brick.png"
    inputs: dict[str, Any] = {"image": {"mediaType": None, "path": str(path)}}
    front.send(type="infer", id="a", inputs=inputs)
    by_path = front.receive()
    inputs = {"image": {"mediaType": "image/png", "body": True}}
    front.send(path.read_bytes(), type="infer", id="b", inputs=inputs)
    by_body = front.receive()
    assert by_path is not None
    assert by_body is not None
    assert set(by_path) == {"type", "id", "outputs", "microseconds", "rss"}
    assert by_path["type"] == by_body["type"] == "result"
    assert (by_path["id"], by_body["id"]) == ("a", "b")
    assert (
        by_path["outputs"]
        == by_body["outputs"]
        == [
            {
                "name": "colours",
                "type": "label_list",
                "description": "Share of each colour.",
                "shape": [3],
                "prediction": [
                    {"label": "red", "probability": 0.78125},
                    {"label": "green", "probability": 0.15625},
                    {"label": "blue", "probability": 0.0625},
                ],
            }
        ]
    )
    assert list(by_path["microseconds"]) == [
        "load", "convert", "preprocess", "infer", "postprocess", "encode", "total",
    ]  # fmt: skip
    assert by_path["rss"] > 1_000_000


def test_an_id_may_be_used_again_once_it_is_answered(start: StartFront) -> None:
    front = start("not-finite")
    front.until("ready")
    for _ in range(200):
        front.infer("a", npy(np.ones(1)))
        assert front.until("result", "error")["type"] == "result"


def test_two_inputs_one_of_them_in_the_body(start: StartFront) -> None:
    front = start("both")
    front.until("ready")
    samples = MODELS / "both/samples"
    inputs = {
        "image": {"mediaType": "image/png", "path": str(samples / "grey.png")},
        "numbers": {"mediaType": None, "body": True},
    }
    front.send((samples / "grey.npy").read_bytes(), type="infer", id="a", inputs=inputs)
    outputs = front.until("result", "error")["outputs"]
    assert [output["name"] for output in outputs] == ["hooks", "colours"]


@pytest.mark.parametrize(
    ("value", "body", "problem"),
    [
        (
            {"mediaType": "image/gif", "body": True},
            b"GIF89a",
            (415, "unsupported_media_type", "Input 'numbers' accepts application/x-npy; got image"),
        ),
        (
            {"mediaType": "text/plain", "body": True},
            npy(np.ones(1)),
            (415, "unsupported_media_type", "accepts application/x-npy; got text/plain."),
        ),
        ({"mediaType": None, "body": True}, b"", (422, "input_undecodable", "is empty")),
        (
            {"mediaType": None, "path": "/no/such/file"},
            b"",
            (422, "input_undecodable", "Input 'numbers' can't be read: no such file or directory."),
        ),
        (
            {"mediaType": None, "body": True},
            npy(np.array([np.nan])),
            (422, "input_undecodable", "holds NaN or infinity"),
        ),
    ],
)
def test_tells_what_is_wrong_with_an_input_and_goes_on(
    start: StartFront, value: dict[str, Any], body: bytes, problem: tuple[int, str, str]
) -> None:
    front = start("not-finite")
    front.until("ready")
    front.send(body, type="infer", id="bad", inputs={"numbers": value})
    message = front.receive()
    assert message is not None
    assert (message["type"], message["id"]) == ("error", "bad")
    error = message["error"]
    assert set(error) == {"code", "title", "status", "detail"}
    assert (error["status"], error["code"]) == problem[:2]
    assert problem[2] in error["detail"]
    front.infer("good", npy(np.ones(1)))
    assert front.until("result", "error")["type"] == "result"


def test_an_octet_stream_is_known_by_its_signature(start: StartFront) -> None:
    front = start("not-finite")
    front.until("ready")
    inputs = {"numbers": {"mediaType": "application/octet-stream", "body": True}}
    front.send(npy(np.ones(1)), type="infer", id="a", inputs=inputs)
    assert front.until("result", "error")["type"] == "result"


def test_a_models_error_goes_to_the_log_and_its_id_to_the_client(start: StartFront) -> None:
    front = start("raises")
    front.until("ready")
    front.infer("a", npy(np.ones(1)))
    error = front.until("error")["error"]
    assert (error["status"], error["code"]) == (500, "model_failed")
    assert "secret" not in str(error)
    id = error["detail"].split()[-1].rstrip(".")
    log = front.logged("stderr")
    assert f"error {id}:" in log
    assert "KeyError: 'a secret of the model'" in log


def test_whatever_the_model_prints_comes_as_log_before_the_result(start: StartFront) -> None:
    front = start("prints")
    front.until("ready")
    assert front.logged("stdout") == "printed on import\nprinted in load\n"
    front.infer("a", npy(np.ones(1)))
    front.until("result", "error")
    lines = front.logged("stdout").splitlines()[2:]
    assert sorted(lines) == [
        "printed by C",
        "printed by Python",
        "printed by a child",
        "written to the descriptor",
    ]
    assert front.logged("stderr") == "said on stderr, half a line"
    front.send(type="stop")
    assert front.end() == (0, b"", b"")


def test_a_flood_of_print_comes_whole(start: StartFront, write_model: WriteModel) -> None:
    code = (
        "def load(context): ...\n"
        "def infer(model, x):\n"
        "  for n in range(60_000): print(f'line {n} with some é to fill it')\n"
        "  return x"
    )
    front = start(write_model(code))
    front.until("ready")
    inputs = {"x": {"mediaType": None, "body": True}}
    front.send(npy(np.ones(1, "f4")), type="infer", id="a", inputs=inputs)
    front.until("result", "error")
    lines = front.logged("stdout").splitlines()
    assert lines == [f"line {n} with some é to fill it" for n in range(60_000)]


def test_progress_is_told_and_a_cancelled_request_ends_soon(start: StartFront) -> None:
    front = start("slow")
    front.until("ready")
    front.infer("long", npy(np.array([6000.0])))
    progress = front.until("progress")
    assert progress["id"] == "long"
    assert 0 < progress["fraction"] < 1
    asked = time.monotonic()
    front.send(type="cancel", id="long")
    error = front.until("result", "error")
    assert (error["id"], error["error"]["code"]) == ("long", "cancelled")
    assert time.monotonic() - asked < 30
    front.infer("short", npy(np.array([2.0])))
    assert front.until("result", "error")["type"] == "result"


def test_a_request_cancelled_while_it_waits_never_begins(start: StartFront) -> None:
    front = start("slow")
    front.until("ready")
    front.infer("first", npy(np.array([30.0])))
    front.infer("second", npy(np.array([1000.0])))
    front.send(type="cancel", id="second")
    front.send(type="cancel", id="unknown")
    assert front.until("result", "error")["id"] == "first"
    error = front.until("result", "error")
    assert (error["id"], error["error"]["status"]) == ("second", 499)
    assert not [m for m in front.seen if m["type"] == "progress" and m["id"] == "second"]


def test_a_request_that_comes_while_the_model_runs_is_answered_after(start: StartFront) -> None:
    front = start("slow")
    front.until("ready")
    front.infer("a", npy(np.array([30.0])))
    front.until("progress")
    front.infer("b", npy(np.array([1.0])))
    assert [front.until("result")["id"] for _ in range(2)] == ["a", "b"]


def test_stop_lets_the_present_request_finish(start: StartFront) -> None:
    front = start("slow")
    front.until("ready")
    front.infer("a", npy(np.array([20.0])))
    front.send(type="stop")
    assert front.until("result", "error")["type"] == "result"
    assert front.receive() is None
    assert front.end()[0] == 0


def test_ends_when_the_front_hangs_up_while_it_waits(start: StartFront) -> None:
    front = start("slow")
    front.until("ready")
    front.socket.shutdown(socket.SHUT_RDWR)
    assert front.end() == (0, b"", b"")


def test_ends_when_the_front_hangs_up_while_it_works(start: StartFront) -> None:
    front = start("slow")
    front.until("ready")
    front.infer("a", npy(np.array([1000.0])))
    front.until("progress")
    front.socket.shutdown(socket.SHUT_RDWR)
    assert front.end()[0] in (0, 1)


def test_a_model_that_doesnt_load_is_told_with_its_last_lines(start: StartFront) -> None:
    front = start("broken")
    failed = front.until("ready", "setup_failed")
    assert failed["error"] == {
        "code": "setup_failed",
        "title": "The model could not be loaded",
        "status": 503,
        "detail": "model.py raised RuntimeError: no luck",
    }
    assert "about to break\n" in failed["log"]
    assert failed["log"].endswith("RuntimeError: no luck\n")
    assert front.end()[0] == 1


def test_a_folder_without_config_is_told(start: StartFront, tmp_path: Path) -> None:
    front = start(tmp_path)
    assert front.until("setup_failed")["error"]["code"] == "config_invalid"


def test_a_crash_in_native_code_ends_the_process_and_shows_where(start: StartFront) -> None:
    front = start("segfaults")
    front.until("ready")
    front.infer("a", npy(np.ones(1)))
    with pytest.raises(AssertionError, match="no \\('result'"):
        front.until("result", "error")
    code, out, err = front.end()
    assert code == -signal.SIGSEGV
    assert out == b""
    assert b"segfaults/model.py" in err


@pytest.mark.parametrize("data", [b"\xff" * 8, encode_frame({"type": "sing"}), encode_frame({})])
def test_a_message_it_cant_read_ends_it(start: StartFront, data: bytes) -> None:
    front = start("colours")
    front.until("ready")
    front.socket.sendall(data)
    while front.receive() is not None:
        pass
    assert "modelhub: ProtocolError: " in front.logged("stderr")
    assert front.end()[0] == 1


def test_a_reply_too_large_for_a_frame_is_an_error(
    start: StartFront, write_model: WriteModel
) -> None:
    code = "def load(c): ...\ndef infer(model, x): return 'x' * 17_000_000"
    front = start(write_model(code, outputs=[{"id": "y", "type": "text"}]))
    front.until("ready")
    inputs = {"x": {"mediaType": None, "body": True}}
    front.send(npy(np.ones(1, "f4")), type="infer", id="a", inputs=inputs)
    error = front.until("result", "error")["error"]
    assert error["code"] == "protocol_error"
    assert "at most 16,777,216" in error["detail"]


@pytest.mark.parametrize(
    ("words", "code"), [([], 2), (["--socket"], 2), (["--socket", "/no/such/socket"], 1)]
)
def test_a_worker_without_a_front_says_so(words: list[str], code: int) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "modelhub.worker", *words],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert done.stderr.startswith("modelhub: ")
    assert "Traceback" not in done.stderr


def test_garbage_goes_though_the_front_starts_python_without_looking_for_it() -> None:
    code = (
        "import gc; gc.disable()\n"
        "from modelhub import worker\n"
        "worker.main = lambda words: 0 if gc.isenabled() else 1\n"
        "worker.start()"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(), check=False)
    assert done.returncode == 0


def test_the_worker_imports_little() -> None:
    heavy = ["argparse", "asyncio", "PIL", "unittest", "email", "http", "multiprocessing"]
    code = f"import numpy, sys, modelhub.worker; print([m for m in {heavy} if m in sys.modules])"
    bare = f"import numpy, sys; print([m for m in {heavy} if m in sys.modules])"
    found = [
        subprocess.run(
            [sys.executable, "-c", text], env=environment(), capture_output=True, check=True
        ).stdout
        for text in (code, bare)
    ]
    assert found[0] == found[1]


def test_an_answered_request_leaves_nothing_behind() -> None:
    connection, capture = Mock(spec=Connection), Mock(spec=Capture)
    worker = Worker(connection, capture)
    inputs = {"numbers": {"mediaType": None, "body": True}}
    worker._receive({"type": "infer", "id": "a", "inputs": inputs}, npy(np.ones(1)))
    request = worker._queue.popleft()
    assert request is not None
    connection.send.side_effect = lambda *_, **__: (
        None if worker._tasks == {} else pytest.fail("kept")
    )
    with Engine(MODELS / "raises") as engine:
        worker._answer(engine, [request])
    connection.send.assert_called_once()
