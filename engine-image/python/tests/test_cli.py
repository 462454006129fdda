"""Stories of the command line: a folder has the command, and what it prints.

`command` has the words after `python3 -m modelhub`, and maybe `< FILE`; it runs in this folder.
`stdout`, `stderr` and `exit` have what is expected; a file that is absent means nothing, and 0.
UPDATE=1 in the environment writes them anew; times and ids are put as 0 and ID.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import TESTS, environment

STORIES = sorted((TESTS / "stories").iterdir())


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_story(story: Path) -> None:
    command, _, stdin = (story / "command").read_text().partition("<")
    done = subprocess.run(
        [sys.executable, "-m", "modelhub", *shlex.split(command)],
        cwd=TESTS,
        env=environment(),
        input=(TESTS / stdin.strip()).read_bytes() if stdin else b"",
        capture_output=True,
        check=False,
    )
    if lack := re.search(rb"the runtime has no [^:.]*", done.stderr):
        pytest.skip(lack[0].decode())
    code = "" if done.returncode == 0 else f"{done.returncode}\n"
    told = {"stdout": settled(done.stdout), "stderr": settled(done.stderr), "exit": code}
    if os.environ.get("UPDATE"):
        for name, text in told.items():
            (story / name).unlink(missing_ok=True)
            if text:
                (story / name).write_text(text, encoding="utf-8")
    assert told == {name: expected(story / name) for name in told}


def expected(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def settled(output: bytes) -> str:
    """Return what was printed, without what differs from run to run."""
    text = output.decode()
    text = re.sub(r"\(\d+\.\d{3} s\)", "(0 s)", text)
    text = re.sub(r'"(processing_time|seconds)": [\d.e-]+', r'"\1": 0', text)
    text = re.sub(r"\b(id|error) [0-9a-f]{8}\b", r"\1 ID", text)
    # Frames of a traceback differ from one Python to the next; its last line doesn't.
    return re.sub(r"(Traceback [^\n]*\n)(?:  [^\n]*\n)+", r"\1  …\n", text)
