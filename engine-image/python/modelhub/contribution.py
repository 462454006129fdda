"""Where a contribution has its config: modelhub.json, or that of the first ModelHub.AI."""

from __future__ import annotations

import json
from pathlib import Path

LEGACY_FILE = "model/config.json"


def contribution_folder(folder: Path) -> Path:
    """Return the folder that holds the config: of an old repository, its contrib_src."""
    inner = folder / "contrib_src"
    is_old = not (folder / "modelhub.json").is_file() and (inner / LEGACY_FILE).is_file()
    return inner if is_old else folder


def is_legacy(folder: Path) -> bool:
    """Whether this is an old contrib_src."""
    return not (folder / "modelhub.json").is_file() and (folder / LEGACY_FILE).is_file()


def keeps_old_code(folder: Path, entrypoint: str) -> bool:
    """Whether this is an old contrib_src that was given a modelhub.json, and left as it is."""
    if entrypoint != "inference.py" or not (folder / LEGACY_FILE).is_file():
        return False
    try:
        old = json.loads((folder / LEGACY_FILE).read_text(encoding="utf-8"))
        return "io" in old["model"]
    except (OSError, ValueError, KeyError, TypeError):
        # Some other file of that name, such as the one beside a Hugging Face model.
        return False
