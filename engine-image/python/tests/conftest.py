from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any, Callable, Iterator

import numpy as np
import pytest
from optional import pytest_collection, pytest_runtest_call  # noqa: F401 pytest's hooks

from modelhub import Engine, Prediction
from modelhub.arrays import Array

TESTS = Path(__file__).parent
PYTHON = TESTS.parent
MODELS = TESTS / "models"

# A shell ignores ^C for what it runs in the background, and so would all that is started here.
signal.signal(signal.SIGINT, signal.default_int_handler)

OpenModel = Callable[..., Engine]
WriteModel = Callable[..., Path]


def environment(**more: str) -> dict[str, str]:
    """Environment of a child process: this package, and no model but the one that is named."""
    # PYTHONUNBUFFERED among them would hide what C's stdio holds back.
    foreign = ("MODELHUB_", "PYTHON")
    own = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    here = {"PYTHONPATH": str(PYTHON), "MODELHUB_ENGINE": str(TESTS / "files")}
    return {**own, **here, "PYTHONWARNINGS": "error", "PYTHONDONTWRITEBYTECODE": "1", **more}


@pytest.fixture(autouse=True)
def _outside_an_image(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MODEL", "WEIGHTS", "IDENTITY", "ENGINE"):
        monkeypatch.delenv(f"MODELHUB_{name}", raising=False)


@pytest.fixture
def open_model() -> Iterator[OpenModel]:
    """Load a model's folder, by name or path; closed after the test."""
    engines = []

    def open_(folder: str | Path, **keywords: Any) -> Engine:
        engine = Engine(MODELS / folder, **keywords)
        engines.append(engine)
        return engine.load()

    yield open_
    for engine in engines:
        engine.close()


@pytest.fixture
def write_model(tmp_path: Path) -> WriteModel:
    """Write a model's folder: its code, and keys of modelhub.json other than an array's echo."""

    def write(
        code: str = "def load(context): ...\ndef infer(model, x): return x", **keys: Any
    ) -> Path:
        folder = tmp_path / "model"
        folder.mkdir(exist_ok=True)
        (folder / "model.py").write_text(code)
        (folder / "weights.bin").write_bytes(b"w")
        config = {
            "id": "written",
            "title": "Written",
            "weights": [{"id": "weights", "path": "weights.bin", "sha256": "0" * 64}],
            "inputs": [array_input()],
            "outputs": [{"id": "y", "type": "vector"}],
            **keys,
        }
        (folder / "modelhub.json").write_text(json.dumps(config))
        return folder

    return write


def numbers(output: Prediction) -> Array:
    """Return the array of a vector, mask, heatmap or image."""
    assert isinstance(output.value, np.ndarray)
    return output.value


def array_input(**keys: Any) -> dict[str, Any]:
    return {
        "id": "x",
        "kind": "array",
        "mediaTypes": ["application/x-npy"],
        "axes": [{"name": "index", "type": "index"}],
        "dtype": "float32",
        **keys,
    }


def image_input(*axes: tuple[str, str, Any], **keys: Any) -> dict[str, Any]:
    """An image input with the axes (name, type, size)."""
    names = ("name", "type", "size")
    return {
        "id": "x",
        "kind": "image",
        "mediaTypes": ["image/png", "image/jpeg", "image/tiff", "image/bmp", "image/webp"],
        "axes": [{k: v for k, v in zip(names, axis) if v is not None} for axis in axes],
        "dtype": "uint8",
        **keys,
    }


Y, X = ("y", "space", None), ("x", "space", None)
RGB = ("channel", "channel", 3)
BATCH = ("batch", "batch", 1)
