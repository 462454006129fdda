"""Tables."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any, Iterable, List, Sequence

from ..errors import InputOutsideLimits, InputUndecodable
from ..limits import MAX_CELLS, MAX_DEPTH, MAX_ROWS, MAX_TABLE
from ..signatures import CSV, JSON, sniff
from ..sources import Source
from .loader import Loader, Native
from .plain import decode_utf8

#: Rows by column names: each a dict, with cells as the file has them, text in CSV.
Rows = List["dict[str, Any]"]


class TableLoader(Loader):
    """A loader of tables, to a list of dicts, one for each row, with all columns of the file."""

    def load(self, source: Source, media_type: str) -> Native:
        """Return the rows. Raises InputUndecodable and InputOutsideLimits."""
        if source.size() > MAX_TABLE:
            raise InputOutsideLimits(
                f"has {source.size():,} bytes; at most {MAX_TABLE:,} of a table are read."
            )
        rows = self.rows(decode_utf8(source.read()))
        self._check(rows)
        return rows

    def rows(self, text: str) -> Rows:
        """Return the rows of a table, as it stands in the file."""
        raise NotImplementedError

    def _check(self, rows: Rows) -> None:
        """Check that each row has the columns that the model gets, and how many rows there are."""
        if not rows:
            raise InputUndecodable("has no rows.")
        wanted = self.input.columns or tuple(rows[0])
        for number, row in enumerate(rows, 1):
            missing = [name for name in wanted if name not in row]
            if missing:
                raise InputUndecodable(
                    f"lacks the column {', '.join(missing)} in row {number:,}; "
                    f"the model takes {', '.join(wanted)}."
                )
        self.check_shape((len(rows), len(wanted)))


class CsvLoader(TableLoader):
    """CSV with commas, tabs or semicolons; its first line names the columns."""

    media_types = (CSV,)

    def signature(self, head: bytes) -> bool:
        """Whether it is of no known kind, and doesn't begin as JSON does."""
        return sniff(head) is None and not begins_as_json(head)

    def rows(self, text: str) -> Rows:
        """Return the rows of a table in CSV; all cells are text."""
        stream = io.StringIO(text, newline="")
        lines = csv.reader(stream, delimiter=separator(text), strict=True)
        try:
            columns = next(lines, [])
            return [row_of(columns, cells) for cells in limited(lines, columns) if cells]
        except csv.Error as error:
            raise InputUndecodable(f"is no CSV: {error} in line {lines.line_num:,}.") from error


class JsonLoader(TableLoader):
    """JSON: a list of objects, or an object with `columns` and `rows`, a list of lists."""

    media_types = (JSON,)

    def signature(self, head: bytes) -> bool:
        """Whether it begins as JSON does."""
        return sniff(head) is None and begins_as_json(head)

    def rows(self, text: str) -> Rows:
        """Return the rows of a table in JSON."""
        check_nesting(text)
        try:
            # NaN and Infinity aren't JSON, though Python reads them.
            value = json.loads(text, parse_constant=refuse_constant)
        except (ValueError, RecursionError) as error:
            raise InputUndecodable("is no JSON.") from error
        if isinstance(value, dict):
            columns, lines = value.get("columns"), value.get("rows")
            if isinstance(columns, list) and isinstance(lines, list):
                return [row_of(columns, cells) for cells in limited(lines, columns)]
        elif isinstance(value, list) and all(isinstance(row, dict) for row in value):
            return list(limited(value, value[0] if value else ()))
        raise InputUndecodable(
            "is neither a list of objects nor an object with the lists columns and rows."
        )


def row_of(columns: Sequence[Any], cells: Any) -> dict[str, Any]:
    """Return a row by its columns. Raises InputUndecodable."""
    if not isinstance(cells, list) or len(cells) != len(columns):
        raise InputUndecodable(f"has a row that doesn't have {len(columns)} cells, one per column.")
    row = dict(zip(map(str, columns), cells))
    if len(row) != len(columns):
        raise InputUndecodable("has two columns of one name.")
    return row


def limited(rows: Iterable[Any], columns: Sequence[Any]) -> Iterable[Any]:
    """Pass the rows on. Raises InputOutsideLimits when there are too many rows or cells."""
    most = min(MAX_ROWS, max(1, MAX_CELLS // max(len(columns), 1)))
    for count, row in enumerate(rows, 1):
        if count > most:
            raise InputOutsideLimits(
                f"has more than {most:,} rows of {len(columns)} columns; split the table."
            )
        yield row


def check_nesting(text: str) -> None:
    """Check how deep and how wide JSON is, before anything is made of it."""
    depth = lists = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text, re.DOTALL):
        bracket = token.group()
        if bracket in "[{":
            depth, lists = depth + 1, lists + 1
        elif bracket in "]}":
            depth -= 1
        if depth > MAX_DEPTH:
            raise InputUndecodable(f"nests deeper than {MAX_DEPTH} lists and objects.")
        if lists > MAX_ROWS + 2:
            raise InputOutsideLimits(f"has more than {MAX_ROWS:,} rows; split the table.")


def separator(text: str) -> str:
    """Return what separates the cells: what the first line has of tab, comma and semicolon.

    Spreadsheets copy with tabs; where fractions have a comma, they write CSV with semicolons.
    """
    first = text.split("\n", 1)[0]
    return next((mark for mark in "\t,;" if mark in first), ",")


def begins_as_json(head: bytes) -> bool:
    """Whether the first character, past a byte order mark and space, begins a list or object."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")


def refuse_constant(name: str) -> None:
    """Raise InputUndecodable for NaN and Infinity."""
    raise InputUndecodable(f"holds {name}; a table has finite numbers.")
