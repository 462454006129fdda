from __future__ import annotations

import io
import struct

import numpy as np
import pytest

from modelhub.errors import ProtocolError
from modelhub.frames import encode_frame, read_frame


def test_a_frame_comes_back_as_it_went() -> None:
    header = {"type": "infer", "id": "é\ud800", "inputs": {}}
    stream = io.BytesIO(encode_frame(header, b"body") + encode_frame({}))
    assert read_frame(stream) == (header, b"body")
    assert read_frame(stream) == ({}, b"")
    assert read_frame(stream) is None


def test_lengths_are_big_endian() -> None:
    assert encode_frame({"a": 1}, b"xy") == b'\x00\x00\x00\x07\x00\x00\x00\x02{"a":1}xy'


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (encode_frame({"a": 1}, b"xy")[:-1], "cut off"),
        (encode_frame({"a": 1})[:8], "cut off"),
        (b"\x00\x00", "cut off"),
        (struct.pack(">II", 2**24 + 1, 0), "16,777,217 bytes; at most 16,777,216"),
        (struct.pack(">II", 2, 2**28 + 1) + b"{}", "at most 268,435,456"),
        (struct.pack(">II", 2, 0) + b"[]", "no JSON object"),
        (struct.pack(">II", 2, 0) + b"{!", "no JSON"),
        (struct.pack(">II", 2, 0) + b"\xff\xfe", "no JSON"),
    ],
)
def test_refuses_what_is_no_frame(data: bytes, sentence: str) -> None:
    with pytest.raises(ProtocolError, match=sentence):
        read_frame(io.BytesIO(data))


def test_no_noise_is_a_surprise() -> None:
    random = np.random.default_rng(0)
    for size in random.integers(1, 200, 300):
        with pytest.raises(ProtocolError):
            read_frame(io.BytesIO(random.bytes(int(size))))


def test_a_header_that_is_too_large_isnt_sent() -> None:
    with pytest.raises(ProtocolError, match=r"has 16,777,226 bytes as JSON; at most 16,777,216"):
        encode_frame({"t": "x" * (2**24 + 2)})


def test_nan_isnt_sent() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        encode_frame({"a": float("nan")})
