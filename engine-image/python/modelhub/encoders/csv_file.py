"""CSV: one file for each table, list of labels, boxes or points, and vector of one or two axes."""

from __future__ import annotations

import csv
import io
from typing import Mapping, Sequence

from ..outputs import Prediction
from ..sources import Source
from .encoded import Encoded, Format, Identity
from .records import Rows, rows_of


def refuses(output: Prediction) -> str | None:
    """Say why an output is no table; None where it is one."""
    if rows_of(output) is not None:
        return None
    return f"is a {output.type}; csv holds tables, labels, boxes, points and vectors of two axes"


def encode(
    outputs: Sequence[Prediction], identity: Identity, sources: Mapping[str, Source]
) -> list[Encoded]:
    """Return one file for each output. CSV has no place for the identity."""
    return [csv_file(output.name, rows_of(output) or Rows([], [])) for output in outputs]


def csv_file(name: str, table: Rows) -> Encoded:
    """Return the file of a table; None is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    content = text.getvalue().encode("utf-8")
    return Encoded(name, "text/csv", f"{name}.csv", lambda stream: stream.write(content))


FORMAT = Format(refuses, encode)
