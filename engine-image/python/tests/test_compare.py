from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PYTHON, OpenModel, WriteModel

from modelhub.compare import compare
from modelhub.samples import run_sample

#: The pipeline's comparison passes the same cases.
CASES = json.loads((PYTHON.parent / "compare" / "cases.json").read_text(encoding="utf-8"))

SAMPLE = {"id": "a", "inputs": {"x": "x.npy"}, "expected": "a.json"}


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case['type']}: {case['title']}") for case in CASES]
)
def test_cases(case: dict[str, Any]) -> None:
    found = compare("y", case["type"], case["given"], case["expected"], case.get("tolerance", {}))
    assert found == ("y", case["passed"], case["message"])


def sample(
    write_model: WriteModel, open_model: OpenModel, given: Any, expected: Any, **output: Any
) -> tuple[bool, str]:
    """What becomes of a sample whose input comes out as it is."""
    keys = {"id": "y", "type": "vector", **output}
    axes = [{"name": f"a{place}", "type": "index"} for place in range(given.ndim)]
    x = {"id": "x", "kind": "array", "mediaTypes": ["application/x-npy"], "axes": axes}
    inputs = [{**x, "dtype": str(given.dtype)}]
    folder = write_model(outputs=[keys], samples=[SAMPLE], inputs=inputs)
    np.save(folder / "x.npy", given)
    (folder / "a.json").write_text(json.dumps({"y": expected}))
    return verdict(open_model, folder)


def verdict(open_model: OpenModel, folder: Path) -> tuple[bool, str]:
    engine = open_model(folder)
    result = run_sample(engine, engine.config.samples[0])
    [difference] = result.differences
    return result.passed, difference.message


def test_an_expected_array_may_lie_in_a_file(
    write_model: WriteModel, open_model: OpenModel, tmp_path: Path
) -> None:
    (tmp_path / "model").mkdir()
    np.save(tmp_path / "model" / "y.npy", np.array([0.1, 0.2], np.float32))
    given, exact = np.array([0.1, 0.2], np.float32), {"atol": 0, "rtol": 0}
    found = sample(write_model, open_model, given, {"file": "y.npy"}, tolerance=exact)
    assert found == (True, "2 of 2 numbers within tolerance")
    found = sample(write_model, open_model, given[::-1].copy(), {"file": "y.npy"})
    assert found[1].startswith("2 of 2 numbers differ")


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("none.npy", "none.npy can't be read: No such file or directory."),
        ("../x.npy", "'../x.npy' leaves the model's folder."),
        ("model.py", "model.py is no .npy file: "),
    ],
)
def test_a_file_that_holds_no_array_is_told(
    write_model: WriteModel, open_model: OpenModel, path: str, sentence: str
) -> None:
    passed, message = sample(write_model, open_model, np.ones(2, np.float32), {"file": path})
    assert not passed
    assert message.startswith(sentence)


def test_an_image_is_compared_as_the_model_gave_it(
    write_model: WriteModel, open_model: OpenModel
) -> None:
    given = np.array([[0.0, 0.5]])
    found = sample(write_model, open_model, given, [[0, 0.5]], type="image")
    assert found == (True, "2 of 2 numbers within tolerance")
    found = sample(write_model, open_model, given, [[0, 1]], type="image")
    assert "expected 1, got 0.5" in found[1]
