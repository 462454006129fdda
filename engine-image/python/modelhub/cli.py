"""The command line: predict, samples, info, each in this process and without the server."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO

from .arguments import HELP, Arguments, UsageError, input_sets, parse
from .context import Task
from .engine import Engine
from .errors import EngineError, InputOutsideLimits, traceback_text
from .identity import model_identity
from .limits import MAX_BODY
from .printing import info_text, prediction_text, sample_text
from .processor import Result
from .samples import run_sample
from .sources import Source


def main(words: list[str]) -> int:
    """Run one command; return its exit code. Data goes to stdout, words to stderr."""
    try:
        arguments = parse(words)
        if arguments.command == "help":
            print(HELP, end="")
            return 0
        with own_stdout() as out:
            return COMMANDS[arguments.command](arguments, out)
    except UsageError as error:
        say(f"{error}\n  hint: python3 -m modelhub --help")
        return 2
    except EngineError as error:
        log_cause(error)
        say(str(error))
        return 1


def predict(arguments: Arguments, out: TextIO) -> int:
    """Print the outputs for each file; go on after a file that can't be used."""
    engine = open_engine(arguments)
    sets = input_sets(arguments.files, [input.id for input in engine.config.inputs])
    failed = False
    with engine:
        for files in sets:
            title = ", ".join("standard input" if file == "-" else file for file in files.values())
            try:
                result = engine.run({id: source(file) for id, file in files.items()}, Task())
            except EngineError as error:
                failed = True
                log_cause(error)
                say(f"{title}: {error}")
                if arguments.json:
                    print_json({"error": error.as_problem()}, out)
                continue
            if arguments.json:
                print_json(reply(engine, result), out)
            else:
                text = prediction_text(title, result.outputs, result.seconds["total"])
                print(text, file=out, flush=True)
    return 1 if failed else 0


def samples(arguments: Arguments, out: TextIO) -> int:
    """Print how each sample compares with what is expected of it."""
    with open_engine(arguments) as engine:
        results = []
        for sample in engine.config.samples:
            result = run_sample(engine, sample)
            if result.error is not None:
                log_cause(result.error)
            if not arguments.json:
                print(sample_text(result), file=out, flush=True)
            results.append(result)
    passed = all(result.passed for result in results)
    if arguments.json:
        print_json({"passed": passed, "samples": [item.as_json() for item in results]}, out)
    return 0 if passed else 1


def info(arguments: Arguments, out: TextIO) -> int:
    """Print which model this is; it isn't loaded for that."""
    config = open_engine(arguments).config
    identity = model_identity(config)
    if arguments.json:
        document = config.document
        parts = {key: document.get(key, []) for key in ("inputs", "outputs", "samples")}
        print_json({"model": identity, **parts}, out)
    else:
        print(info_text(config, identity), file=out)
    return 0


COMMANDS = {"predict": predict, "samples": samples, "info": info}


def open_engine(arguments: Arguments) -> Engine:
    """Return the engine for the model that the arguments or the environment name."""
    folder = arguments.model or os.environ.get("MODELHUB_MODEL") or "."
    return Engine(folder, arguments.weights)


def source(file: str) -> Source:
    """Return a file's source; `-` is standard input, read up to MAX_BODY bytes."""
    if file != "-":
        return Source(file)
    content = sys.stdin.buffer.read(MAX_BODY + 1)
    if len(content) > MAX_BODY:
        raise InputOutsideLimits(f"Standard input has more than {MAX_BODY:,} bytes.")
    return Source(content)


def reply(engine: Engine, result: Result) -> dict[str, Any]:
    """Return a prediction as the REST API replies with it; `processing_time` in seconds."""
    return {
        "output": [output.as_json() for output in result.outputs],
        "processing_time": result.seconds["total"],
        "model": model_identity(engine.config),
    }


def print_json(value: dict[str, Any], out: TextIO) -> None:
    """Print one line of JSON."""
    print(json.dumps(value, allow_nan=False), file=out, flush=True)


def own_stdout() -> TextIO:
    """Return stdout for the command's data alone; what a model prints goes to stderr.

    By file descriptor, so that it holds for C libraries and child processes too.
    """
    sys.stdout.flush()
    ours = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    return ours


def say(sentence: str) -> None:
    """Print a sentence for people on stderr."""
    print(f"modelhub: {sentence}", file=sys.stderr)


def log_cause(error: EngineError) -> None:
    """Print the traceback of the contributor's code, if it raised, on stderr."""
    print(traceback_text(error), end="", file=sys.stderr)
