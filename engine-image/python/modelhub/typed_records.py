"""Outputs that are no arrays, each brought to the form in which JSON has it."""

from __future__ import annotations

from typing import Any, Callable, Dict, Iterable

import numpy as np

from .config import Output
from .errors import OutputError
from .values import LabelList, require_finite, shortest

#: JSON values only.
Json = Any
Record = Dict[str, Any]


def label_list(output: Output, value: Any) -> LabelList:
    """Return a LabelList, or the list of pairs made into one. Raises OutputError."""
    if isinstance(value, LabelList):
        return value
    try:
        return LabelList(value)
    except (TypeError, ValueError) as error:
        raise OutputError(
            f"model gave {type(value).__name__}; expected a list of (label, probability) pairs."
        ) from error


def bounding_boxes(output: Output, value: Any) -> list[Record]:
    """Return boxes, surest first, from dicts with `label`, `score` and `box`.

    `box` is xmin, ymin, xmax, ymax in pixels of the input. Raises OutputError.
    """

    def box(item: dict[str, Any]) -> Record:
        corners = finite(item["box"], 4)
        if corners[0] > corners[2] or corners[1] > corners[3]:
            raise OutputError(f"model gave the box {corners}; expected xmin, ymin, xmax, ymax.")
        [score] = finite([item["score"]], 1)
        return {"label": str(item["label"]), "score": score, "box": corners}

    boxes = records(value, box, '{"label": …, "score": …, "box": [xmin, ymin, xmax, ymax]}')
    return sorted(boxes, key=lambda found: -found["score"])


def keypoints(output: Output, value: Any) -> list[Record]:
    """Return points from dicts with `name` and `point`, and maybe `score` and `instance`.

    `point` is x, y and maybe z in pixels of the input. Raises OutputError.
    """

    def point(item: dict[str, Any]) -> Record:
        found: Record = {"name": str(item["name"]), "point": finite(item["point"], 2, 3)}
        if item.get("score") is not None:
            [found["score"]] = finite([item["score"]], 1)
        if item.get("instance") is not None:
            found["instance"] = int(item["instance"])
        return found

    return records(value, point, '{"name": …, "point": [x, y]}')


def contour(output: Output, value: Any) -> list[Record]:
    """Return outlines from dicts with `points`, and maybe `label` and `closed` (default True).

    `points` is an array of shape [n, 2] or [n, 3] in pixels of the input: x, y and maybe z. An
    array alone is a closed outline. Raises OutputError.
    """

    def outline(item: Any) -> Record:
        item = item if isinstance(item, dict) else {"points": item}
        points = np.asarray(item["points"])
        if points.ndim != 2 or points.shape[1] not in (2, 3):
            raise OutputError(f"model gave points of shape {list(points.shape)}; expected [n, 2].")
        label = {} if item.get("label") is None else {"label": str(item["label"])}
        found = [finite(point, 2, 3) for point in points]
        return {**label, "points": found, "closed": bool(item.get("closed", True))}

    return records(value, outline, '{"points": [[x, y], …]}')


def text(output: Output, value: Any) -> str:
    """Return the text. Raises OutputError."""
    if not isinstance(value, str):
        raise OutputError(f"model gave {type(value).__name__}; expected a text (str).")
    return value


def table(output: Output, value: Any) -> Record:
    """Return `columns` and `rows` of a dict of columns, a list of dicts, rows, or a data frame.

    A structured array is a dict of columns, too. The columns are the config's, in its order, where
    it names any. Raises OutputError.
    """
    try:
        columns, rows = table_parts(output, value)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise OutputError(
            f"model gave {type(value).__name__}; expected a dict of columns or a list of dicts."
        ) from error
    if output.columns is not None and set(columns) != set(output.columns):
        raise OutputError(
            f"model gave the columns {', '.join(columns) or 'none'}; "
            f"the config has {', '.join(output.columns)}."
        )
    names = list(output.columns or columns)
    order = [columns.index(name) for name in names]
    cells = [
        [cell(row[place], name, number) for place, name in zip(order, names)]
        for number, row in enumerate(rows, 1)
    ]
    return {"columns": names, "rows": cells}


def cell(value: Any, column: str, number: int) -> Json:
    """Return a cell's value in JSON's own types. Raises OutputError that names row and column."""
    try:
        return plain(value)
    except OutputError as error:
        raise OutputError(f"{str(error)[:-1]} (row {number}, column {column}).") from error


def table_parts(output: Output, value: Any) -> tuple[list[str], list[Any]]:
    """Return the names of the columns, and the rows."""
    if hasattr(value, "to_dict"):
        # A data frame of pandas, which need not be there.
        value = value.to_dict("list")
    if isinstance(value, np.ndarray) and value.dtype.names:
        value = {name: value[name] for name in value.dtype.names}
    if isinstance(value, dict):
        sizes = {len(column) for column in value.values()}
        if len(sizes) > 1:
            raise OutputError("model gave columns of different lengths.")
        return [str(name) for name in value], list(zip(*value.values()))
    rows = list(value)
    if rows and isinstance(rows[0], dict):
        return [str(name) for name in rows[0]], [
            cells_of(row, rows[0], i) for i, row in enumerate(rows, 1)
        ]
    names = list(output.columns or ())
    if rows and not names:
        raise OutputError("model gave rows; expected dicts, or `columns` in the config.")
    for number, row in enumerate(rows, 1):
        if len(row) != len(names):
            raise OutputError(
                f"model gave a row of {len(row)} values; expected {len(names)}, one a column "
                f"(row {number})."
            )
    return names, rows


def cells_of(row: Any, columns: Iterable[Any], number: int) -> list[Any]:
    """Return a row's cells in the order of the columns. Raises OutputError where one is missing."""
    if not isinstance(row, dict):
        raise OutputError(f"model gave {told(row)}; expected a dict, as row 1 is (row {number}).")
    missing = [str(name) for name in columns if name not in row]
    if missing:
        raise OutputError(
            f"model gave {told(row)}; expected the columns of row 1, and "
            f"{', '.join(missing)} is missing (row {number})."
        )
    return [row[name] for name in columns]


def custom(output: Output, value: Any) -> Json:
    """Return the value as JSON has it; numpy's numbers and arrays become plain ones.

    Raises OutputError, also where it isn't as the config's JSON Schema says.
    """
    try:
        found = plain(value)
    except RecursionError:
        raise OutputError("model gave a value that is nested too deep, or in itself.") from None
    if output.schema is None:
        return found
    from .json_schema import misfit

    wrong = misfit(found, output.schema)
    if wrong:
        raise OutputError(f"model gave a value that the config's schema refuses: {wrong}.")
    return found


def plain(value: Any) -> Json:
    """Return a value in JSON's own types. Raises OutputError for what has no such form."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, np.generic):
        return plain(shortest(value) if isinstance(value, np.floating) else value.item())
    if isinstance(value, float):
        require_finite(np.asarray(value))
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return plain(value[()])
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    raise OutputError(f"model gave {type(value).__name__}, for which JSON has no form.")


def records(value: Any, read: Callable[[Any], Record], expected: str) -> list[Record]:
    """Return each item as `read` gives it. Raises OutputError, also where `read` can't."""
    given = value
    try:
        found = []
        for given in value:
            found.append(read(given))
        return found
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        raise OutputError(f"model gave {told(given)}; expected a list of {expected}.") from error


def told(given: Any) -> str:
    """Return what somebody gave in a few words: of a dict the keys, of others the type."""
    if isinstance(given, dict):
        return f"a dict with {', '.join(map(str, given)) or 'no keys'}"
    return "None" if given is None else type(given).__name__


def finite(numbers: Any, *counts: int) -> list[float]:
    """Return some numbers as floats. Raises OutputError for NaN, ValueError for another count."""
    found = [shortest(number) for number in numbers]
    if len(found) not in counts:
        raise ValueError(f"{len(found)} numbers")
    require_finite(np.array(found))
    return found
