"""Arguments of the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, NamedTuple

#: Formats in which outputs are written.
FORMATS = ("json", "hdf5", "npy", "png", "nifti", "csv", "dicom-seg")

HELP = f"""\
Run a ModelHub model without its server.

Usage: python3 -m modelhub COMMAND [OPTIONS]

Commands:
  predict FILE…   print what the model says of each file, or write it
  batch IN…       predict whole folders into --out, with a log: results.jsonl
  samples         run the model's samples and compare with the expected outputs
  info            print which model this is, what it takes and gives
  licenses        print the licences of model, weights, samples and engine
  notebook        open the model's folder in Jupyter, where that is installed
  config          print modelhub.json; of an old contrib_src, what it amounts to

A FILE is a path, or - for standard input; of a volume also the folder of a DICOM
series. A model with several inputs takes one INPUT=FILE for each of them, and for
batch a manifest. An IN is a file, a folder with all below it, or a pattern.

Options:
  --out DIR        write the outputs into files below DIR
  --format FORMAT  {", ".join(FORMATS)} (default json)
  --workers N      batch: processes, each with the model (default 1)
  --resume         batch: leave out what results.jsonl holds
  --manifest FILE  batch: CSV with a column for each input, or JSON
  --deterministic  seed random numbers before each prediction, use one thread
  --port N         notebook: port to listen on (default 8888)
  --write          samples: take what the model gives for what is expected of it
  --json           print JSON, for predict one line per prediction
  --model DIR      the model's folder (default: $MODELHUB_MODEL, or the present folder)
  --weights DIR    weights as <weights id>/<file> (default: $MODELHUB_WEIGHTS)
  --help           print this

The config's timeoutSeconds is the server's: here a prediction may take longer, and
predict says so.

Exit codes: 0 done, 1 an input can't be used, the model fails or a sample differs,
2 the command line is wrong.
"""

COMMANDS = ("predict", "batch", "samples", "info", "licenses", "notebook", "config")

#: Options that take a word, and what that is.
VALUED = {
    "--model": "a folder",
    "--weights": "a folder",
    "--out": "a folder",
    "--manifest": "a file",
    "--format": f"one of {', '.join(FORMATS)}",
    "--workers": "a number",
    "--port": "a number",
}
FLAGS = ("--json", "--resume", "--deterministic", "--write")


class UsageError(Exception):
    """The command line is wrong; the sentence says how, and `hint` what tells more."""

    hint = "\n  hint: --help lists commands and options"


class Arguments(NamedTuple):
    """What was asked for. `files` are as typed; None is what was not given.

    `here` is the folder that paths are relative to: a model may change it when it loads.
    """

    command: str
    files: list[str]
    model: str | None = None
    weights: str | None = None
    out: str | None = None
    manifest: str | None = None
    format: str | None = None
    workers: int = 1
    port: int = 8888
    here: Path = Path()
    json: bool = False
    resume: bool = False
    deterministic: bool = False
    write: bool = False


def parse(words: list[str]) -> Arguments:
    """Return the arguments; the command is `help` where --help is among them.

    Raises UsageError.
    """
    options: dict[str, str] = {}
    flags: set[str] = set()
    plain: list[str] = []
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if word in ("--help", "-h"):
            return Arguments("help", [])
        if word == "--":
            plain.extend(rest)
        elif name in VALUED:
            options[name] = value if equals else next_word(name, rest.__next__)
        elif word in FLAGS:
            flags.add(word)
        elif word.startswith("-") and word != "-":
            raise UsageError(f"there is no option {name}.")
        else:
            plain.append(word)
    if not plain:
        raise UsageError(f"a command is missing: one of {', '.join(COMMANDS)}.")
    arguments = Arguments(
        plain[0],
        plain[1:],
        options.get("--model"),
        options.get("--weights"),
        options.get("--out"),
        options.get("--manifest"),
        options.get("--format"),
        number("--workers", options.get("--workers", "1")),
        number("--port", options.get("--port", "8888")),
        Path.cwd(),
        *(flag in flags for flag in FLAGS),
    )
    check(arguments)
    return arguments


def next_word(option: str, following: Callable[[], str]) -> str:
    """Return the word after an option. Raises UsageError at the end."""
    try:
        return following()
    except StopIteration:
        raise UsageError(f"{option} needs {VALUED[option]} after it.") from None


def number(option: str, word: str) -> int:
    """Return a whole number above 0. Raises UsageError."""
    if word.isdecimal() and int(word) > 0:
        return int(word)
    raise UsageError(f"{option} needs a number of 1 or more after it; got '{word}'.")


def check(arguments: Arguments) -> None:
    """Raise UsageError for what doesn't go together."""
    command, files = arguments.command, arguments.files
    if command not in COMMANDS:
        raise UsageError(f"there is no command '{command}'; it is one of {', '.join(COMMANDS)}.")
    if arguments.format not in (None, *FORMATS):
        known = ", ".join(FORMATS)
        raise UsageError(f"there is no format '{arguments.format}'; it is one of {known}.")
    if command == "predict" and not files:
        raise UsageError("predict needs a FILE, or - for standard input.")
    if command == "batch" and not arguments.out:
        raise UsageError("batch needs --out with the folder to write to.")
    if command == "batch" and bool(files) == bool(arguments.manifest):
        raise UsageError("batch needs files, folders or patterns, or else --manifest FILE.")
    if command != "samples" and arguments.write:
        raise UsageError(f"--write is for samples, not for {command}.")
    if command not in ("predict", "batch") and files:
        raise UsageError(f"{command} takes no FILE; got '{files[0]}'.")


def input_sets(files: list[str], inputs: list[str]) -> list[dict[str, str]]:
    """Return one dict per prediction, with a file for each input id.

    With one input, each file is a prediction, with or without `INPUT=` before it; with several,
    there is one prediction, and each file is named by its input. Raises UsageError.
    """
    if len(inputs) == 1:
        prefix = f"{inputs[0]}="
        return [
            {inputs[0]: file[len(prefix) :] if file.startswith(prefix) else file} for file in files
        ]
    found: dict[str, str] = {}
    for file in files:
        name, equals, path = file.partition("=")
        if not equals or name not in inputs:
            raise UsageError(f"'{file}' is no INPUT=FILE; the inputs are {', '.join(inputs)}.")
        if name in found:
            raise UsageError(f"input {name} is given twice.")
        found[name] = path
    missing = [name for name in inputs if name not in found]
    if missing:
        raise UsageError(f"a file for input {', '.join(missing)} is missing.")
    return [found]
