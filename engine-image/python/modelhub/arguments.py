"""Arguments of the command line."""

from __future__ import annotations

from typing import Callable, NamedTuple

HELP = """\
Run a ModelHub model without its server.

Usage: python3 -m modelhub COMMAND [OPTIONS]

Commands:
  predict FILE…   print what the model says of each file
  samples         run the model's samples and compare with the expected outputs
  info            print which model this is, what it takes and gives

A FILE is a path, or - for standard input. A model with several inputs takes one
INPUT=FILE for each of them.

Options:
  --model DIR     the model's folder (default: $MODELHUB_MODEL, or the present folder)
  --weights DIR   weights as <weights id>/<file> (default: $MODELHUB_WEIGHTS)
  --json          print JSON, for predict one line per prediction
  --help          print this

Exit codes: 0 done, 1 an input can't be used, the model fails or a sample differs,
2 the command line is wrong.
"""

COMMANDS = ("predict", "samples", "info")


class UsageError(Exception):
    """The command line is wrong; the sentence says how."""


class Arguments(NamedTuple):
    """What was asked for. `files` are as typed; `model` and `weights` None where not given."""

    command: str
    files: list[str]
    model: str | None
    weights: str | None
    json: bool


def parse(words: list[str]) -> Arguments:
    """Return the arguments; the command is `help` where --help is among them.

    Raises UsageError.
    """
    folders: dict[str, str | None] = {"--model": None, "--weights": None}
    plain: list[str] = []
    json = False
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if word in ("--help", "-h"):
            return Arguments("help", [], None, None, False)
        if word == "--":
            plain.extend(rest)
        elif name in folders:
            folders[name] = value if equals else next_word(name, rest.__next__)
        elif word == "--json":
            json = True
        elif word.startswith("-") and word != "-":
            raise UsageError(f"there is no option {name}.")
        else:
            plain.append(word)
    if not plain:
        raise UsageError(f"a command is missing: one of {', '.join(COMMANDS)}.")
    command, files = plain[0], plain[1:]
    if command not in COMMANDS:
        raise UsageError(f"there is no command '{command}'; it is one of {', '.join(COMMANDS)}.")
    if command == "predict" and not files:
        raise UsageError("predict needs a FILE, or - for standard input.")
    if command != "predict" and files:
        raise UsageError(f"{command} takes no FILE; got '{files[0]}'.")
    return Arguments(command, files, folders["--model"], folders["--weights"], json)


def next_word(option: str, following: Callable[[], str]) -> str:
    """Return the word after an option. Raises UsageError at the end."""
    try:
        return following()
    except StopIteration:
        raise UsageError(f"{option} needs a folder after it.") from None


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
