"""Jupyter on the model's folder, where the image has it."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path

from .errors import SetupError

#: Packages that serve notebooks, best first.
SERVERS = ("jupyterlab", "notebook")

#: The notebook that is opened first, if the model's folder has it.
FIRST = "notebook.ipynb"


def open_notebook(folder: Path, port: int) -> None:
    """Become Jupyter, which makes a token and prints the address. Raises SetupError without it."""
    os.execv(sys.executable, notebook_command(folder, port))


def notebook_command(folder: Path, port: int) -> list[str]:
    """Return the command that serves the folder. Raises SetupError where Jupyter is missing."""
    server = next((name for name in SERVERS if importlib.util.find_spec(name)), None)
    if server is None:
        raise SetupError(
            "There is no Jupyter here. To have it, add jupyterlab to what the runtime's "
            "Dockerfile installs; without it, `from modelhub import Engine` works in any Python."
        )
    page = "lab/tree" if server == "jupyterlab" else "notebooks"
    # A container may run as any user, and Jupyter wants to be told that root is meant.
    root = ["--allow-root"] if os.getuid() == 0 else []
    first = [f"--ServerApp.default_url=/{page}/{FIRST}"] if (folder / FIRST).is_file() else []
    return [
        sys.executable,
        "-m",
        server,
        "--ip=0.0.0.0",
        f"--port={port}",
        "--no-browser",
        f"--ServerApp.root_dir={folder}",
        *root,
        *first,
    ]
