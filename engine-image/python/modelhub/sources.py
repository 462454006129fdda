"""Bytes of an input, in memory or in files, before anything is made of them."""

from __future__ import annotations

import io
import os
from stat import S_ISREG
from typing import BinaryIO, NamedTuple, Sequence, Union

from .errors import InputUndecodable

#: Bytes, the path of a file, or the paths of several.
Content = Union[bytes, str, "os.PathLike[str]", Sequence[Union[str, "os.PathLike[str]"]]]


class Tensor(NamedTuple):
    """What bytes are that are an array's elements alone: little-endian, the last axis fastest."""

    dtype: str
    shape: tuple[int, ...]


class Source:
    """Bytes of one input, and the media type that their sender declares (None: none).

    `content` is the bytes, the path of a file, or a list of paths: a DICOM series lies in several
    files. `tensor` says that it is no file of any kind, but the elements of an array.
    """

    def __init__(
        self, content: Content, media_type: str | None = None, tensor: Tensor | None = None
    ) -> None:
        self.media_type = media_type
        self.tensor = tensor
        self._bytes = b""
        self._path: str | None = None
        self._parts: list[Source] | None = None
        if isinstance(content, bytes):
            self._bytes = content
        elif isinstance(content, (str, os.PathLike)):
            self._path = os.fspath(content)
        else:
            self._parts = [Source(path, media_type) for path in content]

    @property
    def parts(self) -> list[Source]:
        """One source for each file."""
        return [self] if self._parts is None else self._parts

    def size(self) -> int:
        """Return the number of bytes. Raises InputUndecodable for what is no readable file."""
        if self._parts is not None:
            return sum(part.size() for part in self._parts)
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
        """Return the first `count` bytes, of the first file, or all when there are fewer."""
        if self._parts is not None:
            return self._parts[0].head(count) if self._parts else b""
        if self._path is None:
            return self._bytes[:count]
        with self.open() as stream:
            return stream.read(count)

    def read(self) -> bytes:
        """Return all bytes."""
        if self._path is None and self._parts is None:
            return self._bytes
        with self.open() as stream:
            return stream.read()


def unreadable(error: OSError) -> InputUndecodable:
    """Return the error for a file that the system won't read; its name stays out of replies."""
    return InputUndecodable(f"can't be read: {(error.strerror or 'unknown error').lower()}.")
