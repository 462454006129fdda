"""Licences of what lies in an image: the author's, and the engine's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .config import Config

#: Files with the text of a licence, in the model's folder or the engine's.
PATTERNS = ("LICENSE*", "LICENCE*", "COPYING*", "NOTICE*", "licenses/*", "license/*")

#: What a licence of the config is for.
NAMES = {"code": "code", "weights": "weights", "sampleData": "samples"}


def licenses(config: Config, folder: Path) -> dict[str, Any]:
    """Return the config's licences (SPDX, None where it says none), and all texts by file name."""
    said = config.document.get("licenses", {})
    engine = os.environ.get("MODELHUB_ENGINE")
    engine_folder = Path(engine) if engine else Path(__file__).resolve().parents[2]
    return {
        **{key: said.get(key) for key in NAMES},
        "texts": texts(folder),
        "engine": {"texts": texts(engine_folder)},
    }


def texts(folder: Path) -> list[dict[str, str]]:
    """Return name and text of each file with a licence."""
    paths = sorted({path for pattern in PATTERNS for path in folder.glob(pattern)})
    return [
        {
            "file": path.relative_to(folder).as_posix(),
            "text": path.read_text(encoding="utf-8", errors="replace"),
        }
        for path in paths
        if path.is_file()
    ]


def licenses_text(config: Config, found: dict[str, Any]) -> str:
    """Return the licences for people: a line for each, then the texts."""
    lines = [config.title]
    lines.extend(f"  {name:<8}  {found[key] or 'not said'}" for key, name in NAMES.items())
    for title, group in (("model", found["texts"]), ("engine", found["engine"]["texts"])):
        for item in group:
            lines.extend(["", f"---- {title}: {item['file']} ----", item["text"].strip()])
    return "\n".join(lines)
