"""Compressed bytes, unpacked with care: how much comes out is known, and held to, beforehand."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, BinaryIO

from .errors import InputOutsideLimits, InputUndecodable
from .limits import FREE_UNPACKED, MAX_FILES, MAX_RATIO, MAX_UNPACKED

if TYPE_CHECKING:
    import zipfile

#: Bytes that are unpacked at once.
STEP = 2**16


def require_no_bomb(packed: int, unpacked: int) -> None:
    """Raise InputOutsideLimits where too many bytes come out of a compressed file."""
    if unpacked > MAX_UNPACKED:
        raise InputOutsideLimits(
            f"unpacks to {unpacked:,} bytes; at most {MAX_UNPACKED:,} are unpacked."
        )
    if unpacked > max(FREE_UNPACKED, packed * MAX_RATIO):
        raise InputOutsideLimits(
            f"unpacks to {unpacked:,} bytes from {packed:,}; "
            f"at most {MAX_RATIO} times as many are unpacked."
        )


class GzipReader:
    """Reads a gzip stream, byte by byte as asked for; never more is unpacked than is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._inflate = zlib.decompressobj(wbits=31)
        self._rest = b""

    def read(self, count: int) -> bytes:
        """Return `count` bytes, fewer at the end. Raises InputUndecodable for damaged ones."""
        parts = []
        while count > 0:
            part = self._next(min(count, STEP))
            if not part:
                break
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def check_end(self) -> None:
        """Raise InputUndecodable for a stream that ends, but not with its checksum."""
        if not self.read(1) and not self._inflate.eof:
            raise InputUndecodable("is a truncated gzip file.")

    def _next(self, most: int) -> bytes:
        """Return 1 to `most` bytes; none at the end."""
        while True:
            packed = self._rest or self._stream.read(STEP)
            if self._inflate.eof:
                # Tools such as bgzip and pigz write several streams, one after the other.
                if not packed.startswith(b"\x1f\x8b"):
                    return b""
                self._inflate = zlib.decompressobj(wbits=31)
            try:
                part = self._inflate.decompress(packed, most)
            except zlib.error as error:
                raise InputUndecodable("is a damaged gzip file.") from error
            self._rest = self._inflate.unconsumed_tail or self._inflate.unused_data
            if part or (not packed and not self._inflate.eof):
                return part


def gunzip_head(head: bytes, count: int) -> bytes:
    """Return the first `count` bytes that a gzip file holds, as far as its own first bytes go."""
    try:
        return zlib.decompressobj(wbits=31).decompress(head, count)
    except zlib.error:
        return b""


def open_zip(stream: BinaryIO, size: int) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    """Return a zip archive of `size` bytes and its files.

    Nothing is written, and the names serve only to refuse what no honest archive holds. Raises
    InputUndecodable and InputOutsideLimits.
    """
    import zipfile

    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise InputUndecodable("is a damaged zip archive.") from error
    entries = archive.infolist()
    if len(entries) > MAX_FILES:
        raise InputOutsideLimits(
            f"is an archive of {len(entries):,} entries; at most {MAX_FILES:,} are read."
        )
    if any(leaves_folder(entry.filename) for entry in entries):
        raise InputUndecodable("is an archive with entries outside of its own folder.")
    if any(entry.flag_bits & 1 for entry in entries):
        raise InputUndecodable("is an encrypted archive; an open one is read.")
    files = [entry for entry in entries if not entry.is_dir()]
    require_no_bomb(size, sum(entry.file_size for entry in files))
    return archive, files


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return the bytes of one file, as many as the archive said. Raises InputUndecodable."""
    import zipfile

    try:
        with archive.open(entry) as stream:
            data = stream.read(entry.file_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        # NotImplementedError, for a method of compression that Python lacks, is a RuntimeError.
        raise InputUndecodable("is a damaged zip archive.") from error
    if len(data) != entry.file_size:
        raise InputUndecodable("is a truncated zip archive.")
    return data


def leaves_folder(name: str) -> bool:
    """Whether a path in an archive leads out of the folder it would be unpacked to."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or parts[0].endswith(":")
