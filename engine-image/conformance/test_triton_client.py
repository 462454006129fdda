"""Triton's own client gets right answers, with tensors as JSON and as bytes."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import numpy as np
import pytest
from tritonclient import http

import files
from conftest import Serve

ROWS = np.array([[1, 2, 3], [10, 20, 30]], dtype=np.float32)


@pytest.fixture
def client(request: pytest.FixtureRequest, serve: Serve) -> Iterator[http.InferenceServerClient]:
    server = serve(request.param)
    client = http.InferenceServerClient(f"127.0.0.1:{server.port}")
    yield client
    client.close()


def on(model: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("client", [model], indirect=True)


def tensor(name: str, array: np.ndarray, datatype: str, binary: bool) -> http.InferInput:
    given = http.InferInput(name, array.shape, datatype)
    given.set_data_from_numpy(array, binary_data=binary)
    return given


@on("numbers")
def test_the_server_and_the_model_are_ready(client: http.InferenceServerClient) -> None:
    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("numbers")
    assert not client.is_model_ready("another")


@on("numbers")
def test_metadata_name_the_tensors(client: http.InferenceServerClient) -> None:
    assert "binary_tensor_data" in client.get_server_metadata()["extensions"]
    found = client.get_model_metadata("numbers")
    assert found["name"] == "numbers"
    assert found["inputs"] == [{"name": "x", "datatype": "FP32", "shape": [-1, 3]}]
    assert found["outputs"] == [{"name": "sum", "datatype": "FP32", "shape": [-1]}]


@on("numbers")
@pytest.mark.parametrize("binary_input", [True, False])
@pytest.mark.parametrize("binary_output", [True, False])
def test_numbers_come_back_right(
    client: http.InferenceServerClient, binary_input: bool, binary_output: bool
) -> None:
    result = client.infer(
        "numbers",
        [tensor("x", ROWS, "FP32", binary_input)],
        outputs=[http.InferRequestedOutput("sum", binary_data=binary_output)],
        request_id="mine",
    )
    assert result.as_numpy("sum").tolist() == [6, 60]
    assert result.as_numpy("sum").dtype == np.float32
    assert result.get_response()["id"] == "mine"
    assert result.get_response()["model_name"] == "numbers"


@on("numbers")
def test_a_version_is_answered_under_its_name(client: http.InferenceServerClient) -> None:
    (version,) = client.get_model_metadata("numbers")["versions"]
    assert client.is_model_ready("numbers", version)
    result = client.infer("numbers", [tensor("x", ROWS, "FP32", True)], model_version=version)
    assert result.as_numpy("sum").tolist() == [6, 60]


@on("numbers")
@pytest.mark.parametrize("algorithm", ["gzip", "deflate"])
def test_a_compressed_request_is_refused_as_such(
    client: http.InferenceServerClient, algorithm: str
) -> None:
    given = [tensor("x", ROWS, "FP32", True)]
    with pytest.raises(http.InferenceServerException, match=algorithm) as caught:
        client.infer("numbers", given, request_compression_algorithm=algorithm)
    assert caught.value.status() == "415"


@on("picture")
@pytest.mark.parametrize("binary", [True, False])
def test_a_file_travels_as_bytes(client: http.InferenceServerClient, binary: bool) -> None:
    content = files.png() if binary else base64.b64encode(files.png())
    given = tensor("image", np.array([content], dtype=np.object_), "BYTES", binary)
    result = client.infer("picture", [given])
    labels = result.as_numpy("colours").reshape(-1)
    assert b"red" in labels[0] or b"blue" in labels[0]


@on("picture")
def test_labels_come_as_a_classification(client: http.InferenceServerClient) -> None:
    given = tensor("image", np.array([files.png()], dtype=np.object_), "BYTES", True)
    wanted = http.InferRequestedOutput("colours", class_count=2)
    labels = client.infer("picture", [given], outputs=[wanted]).as_numpy("colours").reshape(-1)
    assert len(labels) == 2
    value, index, label = labels[0].decode().split(":")
    assert (float(value), label) in [(0.5, "red"), (0.5, "blue")]
    assert index.isdigit()


@on("words")
def test_a_text_travels_as_bytes(client: http.InferenceServerClient) -> None:
    given = tensor("text", np.array([b"a b a"], dtype=np.object_), "BYTES", True)
    result = client.infer("words", [given])
    assert b'"a"' in result.as_numpy("words").reshape(-1)[0]


@on("numbers")
@pytest.mark.parametrize(
    ("name", "array", "datatype"),
    [
        ("y", ROWS, "FP32"),
        ("x", ROWS[:, :2].copy(), "FP32"),
        ("x", ROWS.astype(np.int32), "INT32"),
        ("x", np.array([[np.nan, 0, 0]], dtype=np.float32), "FP32"),
    ],
    ids=["unknown name", "wrong shape", "wrong datatype", "not a number"],
)
def test_a_wrong_tensor_is_refused_with_a_sentence(
    client: http.InferenceServerClient, name: str, array: np.ndarray, datatype: str
) -> None:
    with pytest.raises(http.InferenceServerException) as caught:
        client.infer("numbers", [tensor(name, array, datatype, True)])
    assert caught.value.status() in ("400", "422")
    assert str(caught.value.message()).endswith(".")
