"""Which model and which engine this is, as replies and `info` say."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from .config import Config
from .deterministic import is_deterministic


def engine_version() -> str:
    """Return the engine's version; 0.0.0-dev where no engine.json says it.

    It lies in the folder MODELHUB_ENGINE, in a checkout two folders above this package.
    """
    folder = os.environ.get("MODELHUB_ENGINE")
    engine = Path(folder) if folder else Path(__file__).resolve().parents[2]
    return str(read_object(engine / "engine.json").get("version", "0.0.0-dev"))


def model_identity(config: Config) -> dict[str, Any]:
    """Return id, name, version, revision, weights (SHA-256 by id) and engine of a reply.

    `deterministic` is whether it ran with one seed and one thread. An image says version and
    revision in the file MODELHUB_IDENTITY; elsewhere they are None, for a folder alone doesn't
    tell them.
    """
    path = os.environ.get("MODELHUB_IDENTITY")
    identity = read_object(Path(path)) if path else {}
    if identity.get("id") != config.id:
        identity = {}
    return {
        "id": config.id,
        "name": config.title,
        "version": identity.get("version"),
        "revision": identity.get("revision"),
        "weights": identity.get("weights", {item.id: item.sha256 for item in config.weights}),
        "engine": engine_version(),
        "deterministic": is_deterministic(),
    }


def read_object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; an empty one where there is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
