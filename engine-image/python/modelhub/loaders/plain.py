"""Texts, and files of any kind."""

from __future__ import annotations

from ..config import Input
from ..errors import InputOutsideLimits, InputUndecodable
from ..limits import MAX_TEXT
from ..signatures import OCTETS, SNIFFED, canonical, sniff
from ..sources import Source
from .loader import Loader, Native


class TextLoader(Loader):
    """Text in UTF-8, with or without a byte order mark, to a str. Any media type may be text."""

    def __init__(self, input: Input, resized: bool = False) -> None:
        super().__init__(input, resized)
        self.media_types = tuple(map(canonical, input.media_types))

    def signature(self, head: bytes) -> bool:
        """Whether it is no file of a known kind."""
        return sniff(head) is None

    def load(self, source: Source, media_type: str) -> Native:
        """Return a str. Raises InputUndecodable and InputOutsideLimits."""
        if source.size() > MAX_TEXT:
            raise InputOutsideLimits(
                f"has {source.size():,} bytes; at most {MAX_TEXT:,} of text are read."
            )
        text = decode_utf8(source.read())
        self.check_shape((len(text),))
        return text


class FileLoader(Loader):
    """Files of the config's media types, to bytes."""

    def __init__(self, input: Input, resized: bool = False) -> None:
        super().__init__(input, resized)
        self.media_types = tuple(map(canonical, input.media_types))

    def signature(self, head: bytes) -> bool:
        """Whether it may be of one of the media types; plain bytes may be anything."""
        found = sniff(head)
        if found is None:
            return not SNIFFED.issuperset(self.media_types)
        return found in self.media_types or OCTETS in self.media_types

    def load(self, source: Source, media_type: str) -> Native:
        """Return the bytes. Raises InputOutsideLimits."""
        self.check_shape((source.size(),))
        return source.read()


def decode_utf8(data: bytes) -> str:
    """Return the text, without a byte order mark. Raises InputUndecodable."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputUndecodable(
            f"is no text in UTF-8: byte {error.start + 1:,} belongs to no character."
        ) from error
    if "\0" in text:
        raise InputUndecodable("is no text: it holds a zero byte.")
    return text
