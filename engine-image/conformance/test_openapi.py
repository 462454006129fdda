"""The servers do what their own /openapi.json says: Schemathesis, with all of its checks."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from conftest import Serve
from server import HERE


@pytest.mark.parametrize("model", ["picture", "numbers", "words"])
def test_every_route_does_what_the_description_says(serve: Serve, model: str) -> None:
    description = f"{serve(model).url}/openapi.json"
    # Its settings are in schemathesis.toml.
    found = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", description, "--checks=all"],
        cwd=HERE,
        env={**os.environ, "CONFORMANCE_MODEL": model, "PYTHONPATH": str(HERE), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr
