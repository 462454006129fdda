"""SHA-256 of bytes and streams, in hexadecimal digits.

hashlib loads OpenSSL, 3.5 MB of memory, so it is imported when the first hash is asked for.
"""

from __future__ import annotations

from typing import BinaryIO


def sha256(content: bytes) -> str:
    """Return the hash of bytes."""
    import hashlib

    return hashlib.sha256(content).hexdigest()


def stream_sha256(stream: BinaryIO) -> str:
    """Return the hash of all that is left in a stream, read block by block."""
    import hashlib

    digest = hashlib.sha256()
    for block in iter(lambda: stream.read(1 << 20), b""):
        digest.update(block)
    return digest.hexdigest()
