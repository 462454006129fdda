"""A contribution to the original engine is answered as that engine's own tests expect it.

The expectations are those of its restapi_test.py and apitestbase.py, commit 81e893f. Where they
were faults, the new answer is named: errors have the status of their kind instead of 400 for all.
"""

from __future__ import annotations

import io
import zipfile

import pytest

from conftest import Serve
from server import HERE, Reply, Server

SAMPLES = HERE / "models" / "original" / "contrib_src" / "sample_data"


@pytest.fixture(scope="module")
def server(serve: Serve) -> Server:
    return serve("original")


def post(server: Server, name: str) -> Reply:
    """Send a sample in the field `file` of a form."""
    media_type = "image/png" if name.endswith("png") else "image/jpeg"
    body = b"".join(
        (
            f'--x\r\nContent-Disposition: form-data; name="file"; filename="test_image{name[-4:]}"'
            f"\r\nContent-Type: {media_type}\r\n\r\n".encode(),
            (SAMPLES / name).read_bytes(),
            b"\r\n--x--\r\n",
        )
    )
    return server.request(
        "POST", "/api/predict", body, content_type="multipart/form-data; boundary=x"
    )


def assert_mock_prediction(reply: Reply) -> None:
    assert reply.status == 200
    body = reply.json()
    labels, mask = body["output"]
    assert labels["prediction"] == [
        {"label": "class_0", "probability": 0.3},
        {"label": "class_1", "probability": 0.7},
    ]
    assert (labels["type"], labels["name"]) == ("label_list", "probabilities")
    assert labels["shape"] == [2]
    # In place of the address of an HDF5 file: arrays this small are in the reply, as from the
    # original's Python API.
    assert mask["prediction"] == [[0, 1, 1, 0], [0, 2, 2, 0]]
    assert (mask["type"], mask["name"]) == ("mask_image", "mask")
    assert mask["shape"] == [2, 4]
    assert body["model"]["name"] == "MockNet"
    assert body["model"]["id"] == "MockId"
    assert isinstance(body["processing_time"], float)
    assert isinstance(body["timestamp"], str)


def test_get_config_returns_the_contribution_s_config(server: Server) -> None:
    config = server.request("GET", "/api/get_config").json()
    assert config["id"] == "MockId"
    assert config["meta"]["name"] == "MockNet"


def test_get_legal_returns_the_expected_keys_and_texts(server: Server) -> None:
    legal = server.request("GET", "/api/get_legal").json()
    assert set(legal) >= {
        "model_license",
        "modelhub_acknowledgements",
        "modelhub_license",
        "sample_data_license",
    }
    assert legal["model_license"] == "TEST MODEL LICENSE"
    assert legal["sample_data_license"] == "TEST SAMPLE DATA LICENSE"


def test_get_model_io_returns_the_contribution_s_inputs_and_outputs(server: Server) -> None:
    io = server.request("GET", "/api/get_model_io").json()
    limits = [{"min": 1, "max": 4}, {"min": 1}, {"min": 1}]
    assert io["input"]["single"] == {"format": ["image/png"], "dim_limits": limits}
    assert io["output"] == [
        {"name": "probabilities", "type": "label_list"},
        {"name": "mask", "type": "mask_image"},
    ]


def test_get_samples_returns_the_addresses_of_the_samples(server: Server) -> None:
    found = server.request("GET", "/api/get_samples").json()
    names = ("testimage_ramp_4x2.jpg", "testimage_ramp_4x2.png")
    assert sorted(found) == [f"{server.url}/api/samples/{name}" for name in names]


def test_samples_are_sent(server: Server) -> None:
    reply = server.request("GET", "/api/samples/testimage_ramp_4x2.png")
    assert (reply.status, reply.headers["content-type"]) == (200, "image/png")
    assert reply.body == (SAMPLES / "testimage_ramp_4x2.png").read_bytes()


def test_the_thumbnail_is_sent(server: Server) -> None:
    reply = server.request("GET", "/api/thumbnail/thumbnail.jpg")
    assert (reply.status, reply.headers["content-type"]) == (200, "image/jpeg")


def test_get_model_files_returns_a_zip_of_the_model(server: Server) -> None:
    reply = server.request("GET", "/api/get_model_files")
    assert (reply.status, reply.headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(reply.body))
    assert set(archive.namelist()) >= {
        "model/model.txt",
        "model/config.json",
        "model/thumbnail.jpg",
    }
    assert archive.read("model/model.txt") == b"EMPTY MOCK MODEL FOR UNIT TESTING"


def test_predict_by_post_returns_the_mock_prediction(server: Server) -> None:
    assert_mock_prediction(post(server, "testimage_ramp_4x2.png"))


def test_predict_sample_returns_the_mock_prediction(server: Server) -> None:
    path = "/api/predict_sample?filename=testimage_ramp_4x2.png"
    assert_mock_prediction(server.request("GET", path))


def test_predict_by_post_refuses_a_file_of_another_type(server: Server) -> None:
    reply = post(server, "testimage_ramp_4x2.jpg")
    assert reply.status == 415
    assert "image/png" in reply.json()["error"]


def test_predict_sample_of_no_sample_returns_an_error(server: Server) -> None:
    reply = server.request("GET", "/api/predict_sample?filename=NON_EXISTENT.png")
    assert reply.status == 404
    assert "error" in reply.json()
