"""`run.py` of an old contrib_src starts the server; here that is the engine's own."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any


def start(model: Any, contrib_src_dir: str | os.PathLike[str]) -> None:
    """Become the server for the folder. It loads the model itself, in a worker."""
    ModelHubRESTAPI(model, contrib_src_dir).start()


class ModelHubRESTAPI:
    """The server; `model` is there for the sake of old code."""

    def __init__(self, model: Any, contrib_src_dir: str | os.PathLike[str]) -> None:
        self.contrib_src_dir = os.fspath(contrib_src_dir)

    def start(self) -> None:
        """Become the server."""
        os.environ["MODELHUB_MODEL"] = self.contrib_src_dir
        words = server_command()
        os.execvp(words[0], words)


def server_command() -> list[str]:
    """Return the command that serves: of an image, or of a checkout with its sources."""
    folder = os.environ.get("MODELHUB_ENGINE")
    engine = Path(folder) if folder else Path(__file__).resolve().parents[2]
    node = engine / "bin" / "node"
    bundle = engine / "front.mjs"
    front = bundle if bundle.is_file() else engine / "front" / "main.ts"
    return [str(node) if node.is_file() else "node", str(front), "serve"]
