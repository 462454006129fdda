"""The command line: each command in this process, and without the server."""

from __future__ import annotations

import errno
import glob
import json
import sys
from pathlib import Path
from typing import Any, TextIO

from .arguments import HELP, Arguments, UsageError, input_sets, parse
from .batch import LOG_FILE, run_batch
from .config import Input
from .context import Task
from .deterministic import is_deterministic, settle
from .engine import Engine
from .errors import EngineError, InputOutsideLimits
from .expected import write_expected
from .identity import model_identity
from .items import Item, files_of, find_items, names_of, read_manifest, source_of
from .licenses import licenses, licenses_text
from .limits import MAX_BODY
from .mounts import require_visible, require_writable
from .notebook import open_notebook
from .patience import patience
from .printing import info_text, prediction_text, sample_text
from .processor import Result
from .progress import Progress
from .samples import run_sample
from .sources import Source
from .terminal import log_cause, own_stdout, print_json, say
from .written import write_outputs

#: What the system says when there is no room for a file.
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def main(words: list[str]) -> int:
    """Run one command; return its exit code. Data goes to stdout, words to stderr."""
    arguments = Arguments("", [])
    try:
        arguments = parse(words)
        if arguments.command == "help":
            print(HELP, end="")
            return 0
        if arguments.deterministic or is_deterministic():
            settle()
        with own_stdout() as out:
            return COMMANDS[arguments.command](arguments, out)
    except UsageError as error:
        say(f"{error}{error.hint}")
        return 2
    except EngineError as error:
        log_cause(error)
        say(str(error))
        return 1
    except BrokenPipeError:
        # Whoever read our output, such as `head`, has enough of it.
        return 1
    except OSError as error:
        if error.errno not in FULL:
            raise
        say(f"can't write: {str(error.strerror).lower()}{way_on(arguments)}.")
        return 1
    except KeyboardInterrupt:
        say(f"stopped{way_on(arguments)}.")
        return 130


def way_on(arguments: Arguments) -> str:
    """Return what to do after a command that was ended; nothing where it is just run again."""
    is_batch = arguments.command == "batch"
    return "; what is written stays, and --resume goes on with the rest" if is_batch else ""


def predict(arguments: Arguments, out: TextIO) -> int:
    """Print or write the outputs for each file; go on after a file that can't be used."""
    engine = open_engine(arguments)
    inputs = {input.id: input for input in engine.config.inputs}
    sets = input_sets(arguments.files, list(inputs))
    require_visible("predict", [file for files in sets for file in files.values() if file != "-"])
    if arguments.out:
        require_writable(Path(arguments.out))
    names = names_of([next(iter(files.values())) for files in sets])
    failed = False
    with engine:
        for name, files in zip(names, sets):
            title = ", ".join("standard input" if file == "-" else file for file in files.values())
            try:
                sources = {id: source(file, inputs[id], arguments) for id, file in files.items()}
                with patience(engine.config, title, say):
                    result = engine.run(sources, Task())
                show(arguments, engine, name, title, sources, result, out)
            except EngineError as error:
                failed = True
                log_cause(error)
                say(f"{title}: {error}")
                if arguments.json:
                    print_json({"error": error.as_problem()}, out)
    return 1 if failed else 0


def show(
    arguments: Arguments,
    engine: Engine,
    name: str,
    title: str,
    sources: dict[str, Source],
    result: Result,
    out: TextIO,
) -> None:
    """Write the outputs into files, or else print them: as a file, as JSON, or for people.

    Raises FormatRefused where no output has such a format.
    """
    if arguments.out:
        folder, form = arguments.here / arguments.out, arguments.format or "json"
        for file in write_outputs(engine, result, sources, folder, name, form):
            print(Path(arguments.out, file), file=out, flush=True)
    elif arguments.format:
        out.buffer.write(only_file(engine, result, sources, arguments.format))
        out.flush()
    elif arguments.json:
        print_json(reply(engine, result), out)
    else:
        text = prediction_text(title, result.outputs, result.seconds)
        print(text, file=out, flush=True)


def only_file(engine: Engine, result: Result, sources: dict[str, Source], form: str) -> bytes:
    """Return the bytes of the one file that the outputs are in a format. Raises UsageError."""
    from .encoders import encode, provenance

    encoded = encode(result.outputs, form, provenance(engine, sources), sources)
    if len(encoded) > 1:
        raise UsageError(f"as {form} the outputs are {len(encoded)} files: --out DIR takes them.")
    return encoded[0].content


def batch(arguments: Arguments, out: TextIO) -> int:
    """Predict whole folders; print where the log is."""
    engine = open_engine(arguments)
    folder = Path(arguments.out or ".")
    require_visible("batch", [file for file in arguments.files if not glob.has_magic(file)])
    require_writable(folder)
    items = batch_items(arguments, engine, folder)
    form = arguments.format or "json"
    progress = Progress(len(items))
    for row in run_batch(engine, items, folder, form, arguments.workers, arguments.resume):
        if row["error"]:
            progress.say(f"{row['input']}: {row['error']['detail']}")
        progress.add(bool(row["error"]))
    progress.end()
    print(folder / LOG_FILE, file=out)
    return 1 if progress.failed else 0


def batch_items(arguments: Arguments, engine: Engine, out: Path) -> list[Item]:
    """Return the items of a batch, and say which files aren't. Raises UsageError for none."""
    inputs = engine.config.inputs
    if arguments.manifest:
        return read_manifest(arguments.manifest, inputs)
    if len(inputs) > 1:
        ids = ", ".join(input.id for input in inputs)
        raise UsageError(f"the model takes {ids}: --manifest FILE says which files go together.")
    items, skipped = find_items(arguments.files, inputs[0], out)
    if skipped:
        kinds = ", ".join(inputs[0].media_types)
        count = f"{len(skipped)} of {len(skipped) + len(items)} files"
        say(f"left out {count}: no {kinds}, such as {skipped[0]}")
    if not items:
        raise UsageError(f"no file to predict in {', '.join(arguments.files)}.")
    return items


def samples(arguments: Arguments, out: TextIO) -> int:
    """Print how each sample compares with what is expected of it, or write what is."""
    with open_engine(arguments) as engine:
        if arguments.write:
            return expect(engine, out)
        results = []
        for sample in engine.config.samples:
            with patience(engine.config, sample.id, say):
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


def expect(engine: Engine, out: TextIO) -> int:
    """Write what each sample gives as what is expected of it, and print both."""
    for sample in engine.config.samples:
        result, files = write_expected(engine, sample)
        print(prediction_text(sample.title, result.outputs, result.seconds), file=out)
        print(f"  written: {', '.join(files)}", file=out, flush=True)
    return 0


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


def show_licenses(arguments: Arguments, out: TextIO) -> int:
    """Print the licences and their texts."""
    engine = open_engine(arguments)
    found = licenses(engine.config, engine.folder)
    if arguments.json:
        print_json(found, out)
    else:
        print(licenses_text(engine.config, found), file=out)
    return 0


def notebook(arguments: Arguments, out: TextIO) -> int:
    """Become Jupyter; what it prints goes to stderr."""
    open_notebook(open_engine(arguments).folder, arguments.port)
    return 0


def config(arguments: Arguments, out: TextIO) -> int:
    """Print modelhub.json, also where it is derived from an old contribution."""
    print(
        json.dumps(open_engine(arguments).config.document, indent=2, ensure_ascii=False), file=out
    )
    return 0


COMMANDS = {
    "predict": predict,
    "batch": batch,
    "samples": samples,
    "info": info,
    "licenses": show_licenses,
    "notebook": notebook,
    "config": config,
}


def open_engine(arguments: Arguments) -> Engine:
    """Return the engine for the model that the arguments name, or else the environment."""
    return Engine(arguments.model, arguments.weights)


def source(file: str, input: Input, arguments: Arguments) -> Source:
    """Return a file's source, or a series'; `-` is standard input, read up to MAX_BODY bytes."""
    if file != "-":
        return source_of(files_of(arguments.here / file, input))
    content = sys.stdin.buffer.read(MAX_BODY + 1)
    if len(content) > MAX_BODY:
        raise InputOutsideLimits(f"Standard input has more than {MAX_BODY:,} bytes.")
    return Source(content)


def reply(engine: Engine, result: Result) -> dict[str, Any]:
    """Return a prediction as the REST API replies with it; `processing_time` in seconds."""
    return {
        "output": [output.as_json() for output in result.outputs],
        "processing_time": result.seconds,
        "model": model_identity(engine.config),
    }
