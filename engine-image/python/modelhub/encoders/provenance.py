"""Which model made a file, and from which bytes: what every file with outputs says."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Mapping

from ..hashes import sha256, stream_sha256
from ..identity import model_identity
from ..sources import Source
from .encoded import Identity

if TYPE_CHECKING:
    from ..engine import Engine


def provenance(engine: Engine, sources: Mapping[str, Source]) -> Identity:
    """Return the model's identity, and the SHA-256 of its `config` and of each of its `inputs`.

    That of an input in several files is the one of their hashes, sorted.
    """
    config = sha256(engine.config_file.read_bytes())
    inputs = {id: source_sha256(source) for id, source in sources.items()}
    return {**model_identity(engine.config), "config": config, "inputs": inputs}


def source_sha256(source: Source) -> str:
    """Return the SHA-256 of a source."""
    hashes = sorted(map(part_sha256, source.parts))
    return hashes[0] if len(hashes) == 1 else sha256("".join(hashes).encode())


def part_sha256(part: Source) -> str:
    """Return the SHA-256 of one file."""
    with part.open() as stream:
        return stream_sha256(stream)


def identity_text(identity: Identity) -> str:
    """Return the identity as one line of JSON, in ASCII."""
    return json.dumps({key: value for key, value in identity.items() if value is not None})
