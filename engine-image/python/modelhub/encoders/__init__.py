"""Encoders: outputs to files of the formats that clients ask for."""

from __future__ import annotations

from typing import Mapping, Sequence

from ..errors import FormatRefused
from ..on_demand import found
from ..outputs import Prediction
from ..sources import Source
from .encoded import Encoded, Format, Identity
from .provenance import provenance
from .reply import Reply, worker_result

__all__ = [
    "FORMATS",
    "Encoded",
    "Identity",
    "Reply",
    "encode",
    "format_named",
    "provenance",
    "worker_result",
]

#: Where each format is.
FORMATS = {
    "json": "json_file:FORMAT",
    "hdf5": "hdf5:FORMAT",
    "npy": "npy:FORMAT",
    "png": "png:FORMAT",
    "nifti": "nifti:FORMAT",
    "csv": "csv_file:FORMAT",
    "dicom-seg": "dicom_seg:FORMAT",
}


def format_named(name: str) -> Format:
    """Return one of FORMATS."""
    format: Format = found(FORMATS[name], __package__)
    return format


def encode(
    outputs: Sequence[Prediction],
    format: str,
    identity: Identity,
    sources: Mapping[str, Source] | None = None,
) -> list[Encoded]:
    """Return the files of the outputs that the format can hold; `identity` goes into each.

    `sources` are the inputs by id; dicom-seg refers to the series among them. Raises FormatRefused
    where the format can hold none of the outputs, SetupError where its library is missing.
    """
    chosen = format_named(format)
    refused = {output.name: chosen.refuses(output) for output in outputs}
    held = [output for output in outputs if refused[output.name] is None]
    if not held:
        raise FormatRefused(" ".join(refusal(output, format) for output in outputs))
    return chosen.encode(held, identity, sources or {})


def refusal(output: Prediction, format: str) -> str:
    """Return the sentence that says why, and which formats can hold the output."""
    able = [name for name in FORMATS if format_named(name).refuses(output) is None]
    why = format_named(format).refuses(output)
    return (
        f"Output '{output.name}' can't be given as {format}: it {why}. "
        f"It comes as {', '.join(able)}."
    )
