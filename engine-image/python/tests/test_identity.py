from __future__ import annotations

import hashlib
import json

import pytest
from conftest import MODELS, TESTS

from modelhub.config import read_config
from modelhub.identity import engine_version, model_identity

COLOURS = read_config(MODELS / "colours")


def test_an_image_says_which_version_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELHUB_IDENTITY", str(TESTS / "files/identity.json"))
    monkeypatch.setenv("MODELHUB_ENGINE", str(TESTS / "files"))
    assert model_identity(COLOURS) == {
        "id": "colours",
        "name": "Colours",
        "version": "2.0.1",
        "revision": "0123456789012345678901234567890123456789",
        "weights": {"weights": "ff"},
        "engine": "1.2.3",
        "deterministic": False,
    }


def test_says_whether_the_same_bytes_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELHUB_DETERMINISTIC", "1")
    assert model_identity(COLOURS)["deterministic"] is True
    monkeypatch.setenv("MODELHUB_DETERMINISTIC", "0")
    assert model_identity(COLOURS)["deterministic"] is False


def test_a_folder_alone_has_no_version() -> None:
    sha256 = hashlib.sha256((MODELS / "colours/weights.txt").read_bytes()).hexdigest()
    identity = model_identity(COLOURS)
    assert (identity["version"], identity["revision"]) == (None, None)
    assert identity["weights"] == {"weights": sha256}


def test_another_models_identity_isnt_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELHUB_IDENTITY", str(TESTS / "files/identity.json"))
    assert model_identity(read_config(MODELS / "doubled"))["version"] is None


def test_a_checkout_has_the_engines_version_beside_this_package() -> None:
    path = TESTS.parents[1] / "engine.json"
    assert engine_version() == json.loads(path.read_text())["version"]


def test_without_engine_json_it_is_a_development_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELHUB_ENGINE", str(MODELS))
    assert engine_version() == "0.0.0-dev"
