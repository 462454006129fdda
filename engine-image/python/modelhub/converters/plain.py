"""Texts, and files of any kind."""

from __future__ import annotations

from typing import Any

from .converter import Converter


class PlainConverter(Converter):
    """Texts and bytes, which the model gets as they are: their array would be one of characters."""

    def accepts(self, native: Any) -> bool:
        """Whether it is a text or bytes."""
        return isinstance(native, (str, bytes))

    def convert(self, native: Any) -> Any:
        """Return the text or the bytes."""
        return native
