"""JSON: one file with all outputs, as in a reply."""

from __future__ import annotations

import json
from typing import Mapping, Sequence

from ..outputs import Prediction
from ..sources import Source
from .encoded import Encoded, Format, Identity


def encode(
    outputs: Sequence[Prediction], identity: Identity, sources: Mapping[str, Source]
) -> list[Encoded]:
    """Return one file with all outputs."""
    document = {"output": [output.as_json() for output in outputs], "model": identity}
    text = json.dumps(document, allow_nan=False, ensure_ascii=False)
    # Half a character, such as a model's text may end in, is written as JSON has it: \ud83d.
    content = text.encode("utf-8", "backslashreplace") + b"\n"
    save = lambda stream: stream.write(content)  # noqa: E731
    return [Encoded("outputs", "application/json", "outputs.json", save)]


FORMAT = Format(lambda output: None, encode)
