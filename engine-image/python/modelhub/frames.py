"""Frames between front and worker, the same in both directions.

u32 length of the header, u32 length of the body, header (a JSON object in UTF-8), body; lengths
are big-endian. An empty body has the length 0.
"""

from __future__ import annotations

import json
import struct
from typing import Any, Protocol

from .errors import ProtocolError
from .limits import MAX_BODY, MAX_FRAME_HEADER

_LENGTHS = struct.Struct(">II")
# Nothing that is sent holds itself: what a model gives has become plain before.
_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False)


class Stream(Protocol):
    """Where frames are read from."""

    def read(self, count: int, /) -> bytes:
        """Return `count` bytes; fewer where the stream ends before."""


def encode_frame(header: dict[str, Any], body: bytes = b"") -> bytes:
    """Return the bytes of a frame. Raises ProtocolError for a header that is too large."""
    text = _JSON.encode(header).encode("ascii")
    if len(text) > MAX_FRAME_HEADER:
        raise ProtocolError(
            f"The reply has {len(text):,} bytes as JSON; at most {MAX_FRAME_HEADER:,} are sent."
        )
    return b"".join((_LENGTHS.pack(len(text), len(body)), text, body))


def read_frame(stream: Stream) -> tuple[dict[str, Any], bytes] | None:
    """Return the next frame's header and body; None where the stream ends between two frames.

    Raises ProtocolError for a frame that is cut off, too large, or no JSON object.
    """
    lengths = stream.read(_LENGTHS.size)
    if not lengths:
        return None
    if len(lengths) < _LENGTHS.size:
        raise ProtocolError("A frame is cut off.")
    header_length, body_length = _LENGTHS.unpack(lengths)
    text = read_part(stream, header_length, MAX_FRAME_HEADER)
    body = read_part(stream, body_length, MAX_BODY)
    try:
        header = json.loads(text.decode("utf-8"))
    except ValueError as error:
        raise ProtocolError(f"A frame's header is no JSON: {error}.") from error
    if not isinstance(header, dict):
        raise ProtocolError("A frame's header is no JSON object.")
    return header, body


def read_part(stream: Stream, length: int, most: int) -> bytes:
    """Return a header or body. Raises ProtocolError where it is cut off or over `most` bytes."""
    if length > most:
        raise ProtocolError(f"A frame has a part of {length:,} bytes; at most {most:,} are read.")
    found = stream.read(length)
    if len(found) < length:
        raise ProtocolError("A frame is cut off.")
    return found
