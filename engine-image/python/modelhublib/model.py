"""The base of old models."""

from __future__ import annotations

from typing import Any


class ModelBase:
    """A model whose constructor loads it, from the folder that is the working directory."""

    def infer(self, input: Any) -> Any:
        """Return the outputs for a file.

        `input` is its path, or for several inputs `{key: {"fileurl": path}}`. Returns one output,
        or a list of them: a list of `{"label", "probability"}`, an array, or JSON values.
        """
        raise NotImplementedError("infer")
