"""Bytes of an input, in memory or in a file, before anything is made of them."""

from __future__ import annotations

import io
import os
from stat import S_ISREG
from typing import BinaryIO

from .errors import InputUndecodable


class Source:
    """Bytes of one input, and the media type that their sender declares (None: none).

    `content` is the bytes, or the path of a file.
    """

    def __init__(
        self, content: bytes | str | os.PathLike[str], media_type: str | None = None
    ) -> None:
        self.media_type = media_type
        self._bytes = content if isinstance(content, bytes) else b""
        self._path = None if isinstance(content, bytes) else os.fspath(content)

    def size(self) -> int:
        """Return the number of bytes. Raises InputUndecodable for what is no readable file."""
        if self._path is None:
            return len(self._bytes)
        try:
            status = os.stat(self._path)
        except OSError as error:
            raise unreadable(error) from error
        if not S_ISREG(status.st_mode):
            raise InputUndecodable("can't be read: it is no regular file.")
        return status.st_size

    def open(self) -> BinaryIO:
        """Return a stream at the first byte; the caller closes it. Raises InputUndecodable."""
        if self._path is None:
            return io.BytesIO(self._bytes)
        try:
            return open(self._path, "rb")
        except OSError as error:
            raise unreadable(error) from error

    def head(self, count: int) -> bytes:
        """Return the first `count` bytes, or all when there are fewer."""
        if self._path is None:
            return self._bytes[:count]
        with self.open() as stream:
            return stream.read(count)


def unreadable(error: OSError) -> InputUndecodable:
    """Return the error for a file that the system won't read; its name stays out of replies."""
    return InputUndecodable(f"can't be read: {(error.strerror or 'unknown error').lower()}.")
