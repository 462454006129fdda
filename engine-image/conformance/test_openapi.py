"""The servers do what their own /openapi.json says: Schemathesis, set by schemathesis.toml."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import Serve
from server import HERE

SCHEMATHESIS = (sys.executable, "-m", "schemathesis.cli")


@pytest.mark.parametrize("model", ["picture", "numbers", "words"])
def test_every_route_does_what_the_description_says(
    serve: Serve, model: str, tmp_path: Path
) -> None:
    settings = HERE / "schemathesis.toml"
    own = {"SCHEMATHESIS_HOOKS": "hooks", "CONFORMANCE_MODEL": model, "PYTHONPATH": str(HERE)}
    found = subprocess.run(
        [*SCHEMATHESIS, f"--config-file={settings}", "run", f"{serve(model).url}/openapi.json"],
        # It leaves its notes where it runs.
        cwd=tmp_path,
        env={**os.environ, **own, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
