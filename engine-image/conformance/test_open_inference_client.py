"""The client that was generated from the protocol's own specification gets right answers."""

from __future__ import annotations

import base64

import pytest
from open_inference.openapi.client import OpenInferenceClient
from open_inference.openapi.core.api_error import ApiError
from open_inference.openapi.types import InferenceRequest, RequestInput, TensorData

import files
from conftest import Serve


def connect(serve: Serve, model: str) -> OpenInferenceClient:
    return OpenInferenceClient(base_url=serve(model).url)


def ask(name: str, shape: list[int], datatype: str, data: list[object]) -> InferenceRequest:
    tensor = RequestInput(
        name=name, shape=shape, datatype=datatype, data=TensorData.parse_obj(data)
    )
    return InferenceRequest(id="mine", inputs=[tensor])


def test_health_and_metadata_are_read(serve: Serve) -> None:
    client = connect(serve, "numbers")
    client.check_server_liveness()
    client.check_server_readiness()
    assert client.read_server_metadata().name == "modelhub"
    metadata = client.read_model_metadata("numbers")
    assert [tensor.name for tensor in metadata.inputs] == ["x"]


def test_numbers_come_back_right(serve: Serve) -> None:
    client = connect(serve, "numbers")
    reply = client.model_infer("numbers", request=ask("x", [2, 3], "FP32", [1, 2, 3, 4, 5, 6]))
    (output,) = reply.outputs
    assert (reply.id, reply.model_name) == ("mine", "numbers")
    assert (output.name, output.shape, output.datatype) == ("sum", [2], "FP32")
    assert list(output.data.__root__) == [6, 15]


def test_a_file_travels_as_base64(serve: Serve) -> None:
    content = base64.b64encode(files.jpeg()).decode()
    reply = connect(serve, "picture").model_infer(
        "picture", request=ask("image", [1], "BYTES", [content])
    )
    assert reply.outputs[0].name == "colours"


def test_an_unknown_model_is_said_so(serve: Serve) -> None:
    with pytest.raises(ApiError) as caught:
        connect(serve, "numbers").read_model_metadata("another")
    assert caught.value.status_code == 404
