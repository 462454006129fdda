"""Predictions of many items, with a log of what is done, so that a stopped batch can go on."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, NamedTuple, Sequence

from .arguments import UsageError
from .context import Task
from .encoders.provenance import source_sha256
from .engine import Engine
from .errors import EngineError, InputError, traceback_text
from .identity import model_identity
from .items import Item
from .lanes import run_lanes
from .processor import Outcome
from .written import write_outputs, write_whole

#: The log, in the folder of the outputs.
LOG_FILE = "results.jsonl"

#: A line of the log: input (its name), sha256 (by input id), outputs (paths), seconds, error
#: (as in the REST API, or null), format and model (as in a reply).
Row = Dict[str, Any]


class Plan(NamedTuple):
    """What all items of a batch have in common. `weights` is a folder, or None."""

    folder: Path
    weights: Path | None
    out: Path
    format: str
    identity: dict[str, Any]


def run_batch(
    engine: Engine,
    items: Sequence[Item],
    out: Path,
    format: str,
    workers: int = 1,
    resume: bool = False,
) -> Iterator[Row]:
    """Predict the items and yield the row of each, in order, as soon as it is written.

    With `resume`, what the log in `out` says of an item stands, unless it failed, an output file
    is gone, or its input, the format or the model is another now. Raises SetupError, OSError.
    """
    # A model may change the folder that paths are relative to when it loads.
    out, items = out.absolute(), [item.absolute() for item in items]
    plan = Plan(engine.folder, engine.weights, out, format, model_identity(engine.config))
    known = {row["input"]: row for row in read_log(out)} if resume else {}
    done = {
        item.name: known[item.name]
        for item in items
        if item.name in known and stands(known[item.name], item, plan)
    }
    write_log(out, list(done.values()))
    rest = [item for item in items if item.name not in done]
    lanes = min(workers, len(rest))
    rows = run_lanes(open_writer, (plan,), rest, lanes, engine.config.batch_size)
    # A disk that is full ends the batch, and with it the lanes.
    with closing(rows), (out / LOG_FILE).open("a", encoding="utf-8") as log:
        for item in items:
            if item.name not in done:
                row = next(rows)
                done[item.name] = (
                    row_of(item, plan, error=row) if isinstance(row, EngineError) else row
                )
                log.write(line(done[item.name]))
                log.flush()
            yield done[item.name]
    # A batch that went on ends with the same log as one that was never stopped.
    write_log(out, [done[item.name] for item in items])


def stands(row: Row, item: Item, plan: Plan) -> bool:
    """Whether a row of the log says what running the item anew would say."""
    return (
        row["error"] is None
        and row["format"] == plan.format
        and row["model"] == plan.identity
        and all((plan.out / file).is_file() for file in row["outputs"])
        and row["sha256"] == hashes(item)
    )


def hashes(item: Item) -> dict[str, str]:
    """Return the SHA-256 of each input; empty for what can't be read."""
    try:
        return {id: source_sha256(source) for id, source in item.sources().items()}
    except InputError:
        return {}


def read_log(folder: Path) -> list[Row]:
    """Return the rows of a log; none where there is no log. Raises UsageError."""
    try:
        lines = (folder / LOG_FILE).read_text(encoding="utf-8").split("\n")
    except OSError:
        return []
    # What follows the last line's end was being written when the process was killed.
    try:
        return [json.loads(text) for text in lines[:-1]]
    except ValueError as error:
        raise UsageError(
            f"{folder / LOG_FILE} is no log of a batch: {error}. Move it, or name another --out."
        ) from error


def write_log(folder: Path, rows: Sequence[Row]) -> None:
    """Write the whole log. Raises OSError."""
    content = "".join(map(line, rows)).encode("utf-8")
    write_whole(folder / LOG_FILE, lambda stream: stream.write(content))


def line(row: Row) -> str:
    """Return a row as a line of the log."""
    return json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n"


def open_writer(plan: Plan) -> Callable[[list[Item]], list[Any]]:
    """Load the model and return what predicts items and gives their rows. Raises SetupError.

    Called in each lane.
    """
    try:
        engine = Engine(plan.folder, plan.weights).load()
    except EngineError as error:
        print(traceback_text(error), end="", file=sys.stderr)
        raise

    def write(items: list[Item]) -> list[Row]:
        outcomes = engine.run_batch([(item.sources(), Task()) for item in items])
        return [write_item(engine, plan, *each) for each in zip(items, outcomes)]

    return write


def write_item(engine: Engine, plan: Plan, item: Item, outcome: Outcome) -> Row:
    """Write an item's outputs and return its row."""
    try:
        if isinstance(outcome, EngineError):
            raise outcome
        files = write_outputs(engine, outcome, item.sources(), plan.out, item.name, plan.format)
    except EngineError as error:
        print(traceback_text(error), end="", file=sys.stderr, flush=True)
        return row_of(item, plan, error=error)
    except OSError as error:
        failure = EngineError(f"The outputs can't be written: {error.strerror}.")
        return row_of(item, plan, error=failure)
    return row_of(item, plan, files, outcome.seconds)


def row_of(
    item: Item,
    plan: Plan,
    outputs: Sequence[str] = (),
    seconds: float = 0.0,
    error: EngineError | None = None,
) -> Row:
    """Return the row of an item."""
    return {
        "input": item.name,
        "sha256": hashes(item),
        "outputs": list(outputs),
        "seconds": seconds,
        "error": None if error is None else error.as_problem(),
        "format": plan.format,
        "model": plan.identity,
    }
