"""The lines that guides tell people to type after `docker run`."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from modelhub.arguments import COMMANDS, parse

ROOT = Path(__file__).parents[3]
GUIDES = [
    ROOT / "README.md",
    ROOT / "engine-image" / "README.md",
    ROOT / "contrib-template" / "README.md",
    *sorted((ROOT / "site" / "docs").glob("*.md")),
]
IMAGE = re.compile(r"IMAGE|[a-z0-9.:/-]+@sha256:\S+|docker://IMAGE|model\.sif")

#: What images run besides the engine's own commands.
OTHERS = ("python3",)


def commands() -> list[tuple[str, list[str]]]:
    """Return what follows the image in each line that runs one, with the file it is from."""
    found = []
    for guide in GUIDES:
        for line in guide.read_text(encoding="utf-8").splitlines():
            if re.match(r"(docker|apptainer|srun apptainer) run ", line):
                words = shlex.split(line.split(" < ")[0].split(" | ")[0])
                images = [place for place, word in enumerate(words) if IMAGE.fullmatch(word)]
                assert len(images) == 1, f"{guide.name}: {line}"
                found.append((guide.name, words[images[0] + 1 :]))
    return found


@pytest.mark.parametrize(("guide", "words"), commands())
def test_a_line_of_a_guide_is_one_that_the_image_takes(guide: str, words: list[str]) -> None:
    if words and words[0] not in OTHERS:
        assert parse(words).command in COMMANDS


def test_the_guides_have_such_lines() -> None:
    named = {words[0] for _, words in commands() if words}
    assert named >= {"predict", "batch", *OTHERS}
