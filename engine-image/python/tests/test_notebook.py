"""The template's notebook, and the command that opens it."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import PYTHON

from modelhub.errors import SetupError
from modelhub.notebook import notebook_command

TEMPLATE = PYTHON.parents[1] / "contrib-template"


def test_the_templates_notebook_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("PIL")
    monkeypatch.chdir(TEMPLATE)
    # Drawing would want a display.
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    cells = json.loads((TEMPLATE / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]
    names: dict[str, Any] = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    assert names["digit"].value[0][0] == "7"
    assert "samples/two.png: 2 (" in capsys.readouterr().out


def test_the_notebook_opens_first_in_what_jupyter_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name == "jupyterlab")
    command = notebook_command(TEMPLATE, 9000)
    assert command[1:3] == ["-m", "jupyterlab"]
    assert {"--ip=0.0.0.0", "--port=9000", "--no-browser"} < set(command)
    assert command[-1] == "--ServerApp.default_url=/lab/tree/notebook.ipynb"
    # Jupyter makes a token of its own accord, unless it is told not to.
    assert not any("token" in word for word in command)


@pytest.mark.parametrize("user", [0, 65532])
def test_jupyter_is_told_that_root_is_meant(monkeypatch: pytest.MonkeyPatch, user: int) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name == "notebook")
    monkeypatch.setattr(os, "getuid", lambda: user)
    assert ("--allow-root" in notebook_command(TEMPLATE, 9000)) == (user == 0)


def test_without_jupyter_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SetupError, match="add jupyterlab to what the runtime's Dockerfile"):
        notebook_command(tmp_path, 8888)
