from __future__ import annotations

from pathlib import Path

import pytest
from conftest import PYTHON, OpenModel

from modelhub.config import read_config
from modelhub.samples import run_sample

EXAMPLES = PYTHON.parents[1] / "contrib-template" / "examples"


def samples() -> list[object]:
    """Each sample of the examples that bring their weights along and need no code."""
    folders = sorted(file.parent for file in EXAMPLES.glob("*/modelhub.json"))
    whole = [
        folder
        for folder in folders
        if not (folder / "model.py").exists()
        and all((folder / str(item.path)).is_file() for item in read_config(folder).weights)
    ]
    return [
        pytest.param(folder, sample.id, id=f"{folder.name} {sample.id}")
        for folder in whole
        for sample in read_config(folder).samples
    ]


@pytest.mark.parametrize(("folder", "sample"), samples())
def test_an_example_gives_what_it_says(open_model: OpenModel, folder: Path, sample: str) -> None:
    pytest.importorskip("onnxruntime")
    engine = open_model(folder)
    [chosen] = [one for one in engine.config.samples if one.id == sample]
    result = run_sample(engine, chosen)
    assert result.error is None
    assert [one.message for one in result.differences if not one.passed] == []
