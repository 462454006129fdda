"""Where a contribution has its config: modelhub.json, or that of the first ModelHub.AI."""

from __future__ import annotations

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
