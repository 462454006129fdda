"""Hostile inputs are refused with a sentence and cost little; the next good one is answered."""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

import files
from conftest import Serve
from server import Reply, Server

MB = 10**6
#: More than this, and a client could fill the machine by asking again.
GROWTH = 50 * MB

GOOD = {
    "png": ("picture", "image/png", files.png(200)),
    "jpeg": ("picture", "image/jpeg", files.jpeg()),
    "npy": ("numbers", "application/x-npy", files.npy(np.ones((2, 3), dtype=np.float32))),
    "wav": ("sound", "audio/wav", files.wav()),
    "nifti": ("scan", "application/x-nifti", files.nifti()),
    "nifti.gz": ("scan", "application/x-nifti", gzip.compress(files.nifti(), mtime=0)),
}

every_kind = pytest.mark.parametrize("kind", GOOD)


@pytest.fixture
def hold(serve: Serve) -> Callable[[str], Server]:
    """The server for a kind of file. At the end it has not grown, and answers a good file."""
    measured: list[tuple[str, Server, int]] = []

    def start(kind: str) -> Server:
        model, media_type, content = GOOD[kind]
        server = serve(model)
        # Libraries are imported with the first file of a kind.
        assert server.predict(content, media_type).status == 200
        measured.append((kind, server, server.resident_bytes()))
        return server

    yield start
    for kind, server, before in measured:
        _, media_type, content = GOOD[kind]
        assert server.predict(content, media_type).status == 200
        assert server.resident_bytes() - before < GROWTH


def assert_refused(reply: Reply) -> None:
    """The reply is a problem of the client's, in a sentence that tells no path and no code."""
    assert 400 <= reply.status < 500, reply.body
    assert reply.headers["content-type"].startswith("application/problem+json")
    problem = reply.json()
    assert problem["status"] == reply.status
    assert problem["error"] == problem["detail"]
    assert problem["detail"].endswith((".", "…"))
    assert "Traceback" not in problem["detail"]
    assert "/opt/" not in problem["detail"]
    assert "/tmp/" not in problem["detail"]


@every_kind
def test_nothing_is_refused(hold: Callable[[str], Server], kind: str) -> None:
    assert_refused(hold(kind).predict(b"", GOOD[kind][1]))


@every_kind
def test_zeros_are_refused(hold: Callable[[str], Server], kind: str) -> None:
    assert_refused(hold(kind).predict(bytes(len(GOOD[kind][2])), GOOD[kind][1]))


@every_kind
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.8])
def test_a_file_that_is_cut_off_is_refused(
    hold: Callable[[str], Server], kind: str, share: float
) -> None:
    _, media_type, content = GOOD[kind]
    assert_refused(hold(kind).predict(content[: int(len(content) * share)], media_type))


@every_kind
def test_another_kind_under_this_name_is_refused(hold: Callable[[str], Server], kind: str) -> None:
    pdf = b"%PDF-1.7\n" + bytes(500)
    assert_refused(hold(kind).predict(pdf, GOOD[kind][1]))


@every_kind
@seed(1)
@settings(
    max_examples=60,
    deadline=5000,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_mutated_file_is_answered_or_refused(
    serve: Serve, kind: str, data: st.DataObject
) -> None:
    model, media_type, content = GOOD[kind]
    server = serve(model)
    server.predict(content, media_type)
    before = server.resident_bytes()
    reply = server.predict(mutated(data, content), media_type)
    # A pixel or a sample may change and leave a good file.
    if reply.status != 200:
        assert_refused(reply)
    assert server.resident_bytes() - before < GROWTH
    assert server.predict(content, media_type).status == 200


def mutated(data: st.DataObject, content: bytes) -> bytes:
    """The content with up to eight changes, most of them where the headers are."""
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(1, 8))):
        most = len(changed) - 1 if data.draw(st.booleans()) else min(len(changed) - 1, 400)
        at = data.draw(st.integers(0, most))
        piece = data.draw(st.sampled_from([b"\0", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff"]))
        change = data.draw(st.sampled_from(["replace", "insert", "delete"]))
        end = at + len(piece) if change != "insert" else at
        changed[at:end] = b"" if change == "delete" else piece
        if not changed:
            break
    return bytes(changed)


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def png_bomb(side: int) -> bytes:
    """A black PNG; of side 13300, its 516 kB decode to 531 MB."""
    squeezer = zlib.compressobj(9)
    row = bytes(1 + side * 3)
    content = b"".join([squeezer.compress(row) for _ in range(side)]) + squeezer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", content), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


def npy_header(shape: str, descr: str = "'<f4'") -> bytes:
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}"
    padded = header.ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(padded)) + padded.encode()


def nifti_of_shape(*sides: int) -> bytes:
    content = bytearray(files.nifti())
    struct.pack_into("<4h", content, 40, 3, *sides)
    return bytes(content)


def wav_of_length(count: int) -> bytes:
    content = bytearray(files.wav())
    struct.pack_into("<I", content, 40, count)
    return bytes(content)


BOMBS = {
    "a PNG of 177 megapixels": ("png", lambda: png_bomb(13_300)),
    "a JPEG that says it has 65500 x 65500 pixels": ("jpeg", lambda: jpeg_of_size(65_500)),
    "an .npy that says it has 16 TB": ("npy", lambda: npy_header("(1000000000000, 3)")),
    "an .npy of Python objects": ("npy", lambda: npy_header("(1,)", "'|O'") + b"cos\nsystem\n."),
    "an .npy with a deep shape": ("npy", lambda: npy_header("(" * 40 + ")" * 40)),
    "a scan that says it has 32767 x 32767 x 32767 voxels": (
        "nifti",
        lambda: nifti_of_shape(32767, 32767, 32767),
    ),
    "a scan of negative size": ("nifti", lambda: nifti_of_shape(-4, 4, 4)),
    "a gzip of 1 GB": ("nifti.gz", lambda: gzip.compress(bytes(2**30), 9)),
    "a gzip in a gzip": ("nifti.gz", lambda: gzip.compress(gzip.compress(bytes(2**20)))),
}


def jpeg_of_size(side: int) -> bytes:
    content = bytearray(files.jpeg())
    frame = content.index(b"\xff\xc0")
    struct.pack_into(">HH", content, frame + 5, side, side)
    return bytes(content)


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_is_refused_by_its_header(hold: Callable[[str], Server], bomb: str) -> None:
    kind, make = BOMBS[bomb]
    content = make()
    reply = hold(kind).predict(content, GOOD[kind][1])
    assert_refused(reply)


def test_a_recording_that_claims_more_than_it_holds_does_no_harm(
    hold: Callable[[str], Server],
) -> None:
    reply = hold("wav").predict(wav_of_length(2**32 - 1), "audio/wav")
    # Recorders that can't seek back leave the length so: what is there may be read.
    if reply.status != 200:
        assert_refused(reply)


DEEP = {
    "lists": b"[" * 100_000 + b"]" * 100_000,
    "objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "an open list": b"[" * 1_000_000,
}


@pytest.mark.parametrize("path", ["/v2/models/numbers/infer", "/jobs", "/api/predict"])
@pytest.mark.parametrize("json", DEEP)
def test_deep_json_is_refused(hold: Callable[[str], Server], path: str, json: str) -> None:
    reply = hold("npy").request("POST", path, DEEP[json], content_type="application/json")
    assert_refused(reply)


@pytest.mark.parametrize(
    "shape",
    ["[1000000000, 3]", "[-1, 3]", "[3]", "[1e400, 3]", '["1", 3]', "[[1], 3]", "null", "[1.5, 3]"],
)
def test_a_tensor_of_a_wrong_shape_is_refused(hold: Callable[[str], Server], shape: str) -> None:
    body = f'{{"inputs":[{{"name":"x","datatype":"FP32","shape":{shape},"data":[1,2,3]}}]}}'
    reply = hold("npy").request(
        "POST", "/v2/models/numbers/infer", body.encode(), content_type="application/json"
    )
    assert_refused(reply)


@pytest.mark.parametrize("length", ["-1", "5", "999999999999", "1e3", "nan", ""])
def test_a_wrong_length_of_the_json_before_the_bytes_is_refused(
    hold: Callable[[str], Server], length: str
) -> None:
    reply = hold("npy").request(
        "POST",
        "/v2/models/numbers/infer",
        b'{"inputs":[{"name":"x","datatype":"FP32","shape":[1,3],"parameters":'
        b'{"binary_data_size":12}}]}' + bytes(12),
        content_type="application/octet-stream",
        inference_header_content_length=length,
    )
    assert_refused(reply)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--x",
        b"--x\r\n\r\n",
        b"--x\r\nContent-Disposition: form-data; name=a; filename=../../etc/passwd\r\n\r\nno",
        b"--x\r\n" * 10_000,
        b"--x\r\n" + b"A: b\r\n" * 10_000,
    ],
    ids=["nothing", "no part", "no header", "no end", "many parts", "many headers"],
)
def test_a_broken_form_is_refused(hold: Callable[[str], Server], body: bytes) -> None:
    reply = hold("png").request(
        "POST", "/api/predict", body, content_type="multipart/form-data; boundary=x"
    )
    assert_refused(reply)


@pytest.mark.parametrize(
    "path",
    [
        "/api/samples/../modelhub.json",
        "/api/samples/..%2fmodelhub.json",
        "/api/samples/%2e%2e%2fmodel.py",
        "/api/samples/....//model.py",
        "/api/output/../x",
        "/api/output/00000000-0000-0000-0000-000000000000/..%2f..%2fetc%2fpasswd",
        "/api/predict_sample?filename=../../model.py",
        "/api/samples/%00",
        "/api/samples/%ff%fe",
    ],
)
def test_a_path_out_of_the_folder_leads_nowhere(hold: Callable[[str], Server], path: str) -> None:
    reply = hold("png").request("GET", path)
    assert reply.status in (400, 404)
    assert_refused(reply)
