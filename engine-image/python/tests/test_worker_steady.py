"""The worker under a front that wants files, numbers about the model, and several at once."""

from __future__ import annotations

import io
from collections import deque
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from conftest import OpenModel, WriteModel
from test_array_inputs import npy
from test_worker import StartFront, start_front  # noqa: F401 (the fixture `start`)

from modelhub.collector import Collector, Request
from modelhub.context import Task
from modelhub.worker import read_source

X = {"x": {"mediaType": None, "body": True}}


def test_an_output_is_given_in_the_form_that_is_asked_for(
    start: StartFront, write_model: WriteModel, tmp_path: Path
) -> None:
    front = start(write_model())
    front.until("ready")
    array = np.arange(3, dtype="f4")
    front.send(npy(array), type="infer", id="a", inputs=X, encode="npy", folder=str(tmp_path))
    result = front.until("result", "error")
    [file] = result["files"]
    assert (file["name"], file["offset"], file["bytes"]) == ("y", 0, len(front.body))
    assert np.load(io.BytesIO(front.body)).tolist() == array.tolist()
    assert "prediction" not in result["outputs"][0]


def test_a_tensor_goes_in_and_out_as_its_elements_alone(
    start: StartFront, write_model: WriteModel, tmp_path: Path
) -> None:
    front = start(write_model())
    front.until("ready")
    array = np.arange(4, dtype="f4")
    x = {"mediaType": None, "tensor": {"dtype": "float32", "shape": [4]}, "body": True}
    front.send(array.tobytes(), type="infer", id="a", inputs={"x": x}, encode="tensor")
    result = front.until("result", "error")
    [file], [output] = result["files"], result["outputs"]
    assert (file["offset"], file["bytes"]) == (0, 16)
    assert (output["dtype"], output["shape"]) == ("float32", [4])
    assert front.body == array.tobytes()
    path = tmp_path / "elements"
    path.write_bytes(array.tobytes())
    large = {**x, "path": str(path), "body": False}
    front.send(type="infer", id="b", inputs={"x": large}, encode="tensor")
    assert front.until("result", "error")["outputs"] == [output]


@pytest.mark.parametrize(
    ("tensor", "elements", "sentence"),
    [
        ({"dtype": "float32", "shape": [4]}, bytes(12), "has 12 bytes; float32 of 4 takes 16"),
        ({"dtype": "float32", "shape": [0]}, b"", "has no elements"),
        ({"dtype": "float64", "shape": [2]}, bytes(15), "has 15 bytes; float64 of 2 takes 16"),
        ({"dtype": "float32", "shape": [1]}, np.float32("nan").tobytes(), "NaN"),
    ],
)
def test_a_tensor_is_held_against_the_config(
    start: StartFront,
    write_model: WriteModel,
    tensor: dict[str, Any],
    elements: bytes,
    sentence: str,
) -> None:
    front = start(write_model())
    front.until("ready")
    x = {"mediaType": None, "tensor": tensor, "body": True}
    front.send(elements, type="infer", id="a", inputs={"x": x})
    assert sentence in front.until("result", "error")["error"]["detail"]


def test_a_large_output_is_a_file_in_the_requests_folder(
    start: StartFront, write_model: WriteModel, tmp_path: Path
) -> None:
    front = start(write_model())
    front.until("ready")
    folder = tmp_path / "request"
    folder.mkdir()
    array = np.arange(20_000, dtype="f4")
    front.send(npy(array), type="infer", id="a", inputs=X, folder=str(folder))
    result = front.until("result", "error")
    [file] = result["files"]
    assert Path(file["path"]).parent == folder
    assert Path(file["path"]).stat().st_size > array.nbytes
    assert front.body == b""
    assert result["outputs"][0]["shape"] == [20_000]
    assert "prediction" not in result["outputs"][0]


def test_a_large_output_without_a_folder_is_a_fault_and_the_next_is_answered(
    start: StartFront, write_model: WriteModel
) -> None:
    front = start(write_model())
    front.until("ready")
    front.send(npy(np.zeros(20_000, "f4")), type="infer", id="a", inputs=X)
    assert front.until("result", "error")["error"]["code"] == "engine_fault"
    front.send(npy(np.zeros(1, "f4")), type="infer", id="b", inputs=X)
    assert front.until("result", "error")["type"] == "result"


def test_several_files_are_one_source() -> None:
    paths = ["/a/1.dcm", "/a/2.dcm"]
    source = read_source({"mediaType": "application/dicom", "paths": paths}, b"")
    assert [part.media_type for part in source.parts] == ["application/dicom"] * 2


def test_the_time_of_encoding_is_part_of_the_total(start: StartFront) -> None:
    front = start("not-finite")
    front.until("ready")
    front.infer("a", npy(np.ones(1)))
    times = front.until("result")["microseconds"]
    assert times["total"] >= sum(times[stage] for stage in times if stage != "total")


def test_a_number_about_the_model_is_told_when_it_is_set(start: StartFront) -> None:
    front = start("steady-process")
    front.until("ready")
    front.infer("a", npy(np.array([1.0, 2.0])))
    assert front.until("metric") == {"type": "metric", "name": "steps", "value": 2.0}


@pytest.mark.parametrize(
    ("name", "value"), [("a name", 1), ("", 1), ("Rate", 1), ("rate", float("nan"))]
)
def test_a_metric_needs_a_plain_name_and_a_finite_number(
    open_model: OpenModel, name: str, value: float
) -> None:
    context = open_model("steady-process").context
    with pytest.raises(ValueError, match=r"context\.metric: expected a name"):
        context.metric(name, value)


def test_requests_that_wait_run_together_and_each_gets_its_own(start: StartFront) -> None:
    front = start("steady-batch")
    front.until("ready")
    for number in range(6):
        front.infer(str(number), npy(np.array([float(number)])))
    results = [front.until("result") for _ in range(6)]
    given = {one["id"]: one["outputs"][0]["prediction"] for one in results}
    assert given == {str(number): [number, 4 if number < 4 else 2] for number in range(6)}


def test_one_mistake_in_a_batch_is_nobody_elses(start: StartFront) -> None:
    front = start("steady-batch")
    front.until("ready")
    front.infer("good", npy(np.array([7.0])))
    front.infer("bad", b"no array")
    replies = {}
    for _ in range(2):
        reply = front.until("result", "error")
        replies[reply["id"]] = reply
    assert replies["good"]["outputs"][0]["prediction"][0] == 7
    assert replies["bad"]["error"]["status"] == 415


def collector(*items: Request | None, **batch: Any) -> Collector:
    """Return one whose requests are all there."""
    return Collector(deque(items), Mock(return_value=False), {"model": {"batch": batch}})


def request(id: str) -> Request:
    return Request(id, {}, Task(), "json", Path())


def test_without_a_batch_requests_come_one_by_one() -> None:
    a, b = request("a"), request("b")
    found = collector(a, b, None)
    assert [found.next_batch() for _ in range(3)] == [[a], [b], []]


def test_a_batch_is_cut_at_its_size_and_at_the_stop() -> None:
    a, b, c = map(request, "abc")
    found = collector(a, b, c, None, maxSize=2, maxDelayMs=0)
    assert [found.next_batch() for _ in range(4)] == [[a, b], [c], [], []]


def test_a_batch_takes_what_comes_in_time() -> None:
    a, b, c = map(request, "abc")
    queue: deque[Request | None] = deque()
    coming = iter([[a], [b], [], [c], []])

    def read(timeout: float | None) -> bool:
        came = next(coming)
        queue.extend(came)
        return bool(came)

    found = Collector(queue, read, {"model": {"batch": {"maxSize": 9, "maxDelayMs": 50}}})
    assert [found.next_batch() for _ in range(2)] == [[a, b], [c]]
