from __future__ import annotations

import io
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from conftest import MODELS, OpenModel, WriteModel, X, Y, image_input
from onnx import TensorProto, helper
from PIL import Image

from modelhub import Engine
from modelhub.arrays import Array
from modelhub.errors import ConfigError, EngineError, InputOutsideLimits, LoadError, OutputError
from modelhub.onnx_model import threads

RED, GREEN = (255, 0, 0), (0, 255, 0)


def test_labels_come_from_an_onnx_file_and_named_operations(open_model: OpenModel) -> None:
    [output] = open_model("no-code-labels").predict(png(np.full((30, 50, 3), RED)))
    powers = np.exp([8.0, 0.0, 0.0])
    assert [label for label, _ in output.value] == ["red", "green"]
    assert output.value[0][1] == pytest.approx(powers[0] / powers.sum(), rel=1e-5)


def test_boxes_come_in_pixels_of_the_input_though_it_was_resized_and_padded(
    open_model: OpenModel,
) -> None:
    pixels = np.zeros((32, 64, 3))
    pixels[8:24, 16:32] = 255
    [output] = open_model("no-code-boxes").predict(png(pixels))
    [box] = output.as_json()["prediction"]
    assert box["label"] == "square"
    assert box["box"] == [16, 8, 32, 24]
    assert box["score"] == pytest.approx(1, abs=1e-5)


def test_no_box_is_an_empty_list(open_model: OpenModel) -> None:
    [output] = open_model("no-code-boxes").predict(png(np.zeros((32, 64, 3))))
    assert output.as_json()["prediction"] == []


def test_a_mask_lies_on_the_grid_of_the_input(open_model: OpenModel) -> None:
    pixels, expected = np.zeros((32, 48, 3)), np.zeros((32, 48), np.uint8)
    pixels[:16, :24], expected[:16, :24] = RED, 1
    pixels[20:, 30:], expected[20:, 30:] = GREEN, 2
    [output] = open_model("no-code-mask").predict(png(pixels))
    assert output.value.dtype == np.uint8
    np.testing.assert_array_equal(output.value, expected)


def test_operations_run_before_and_after_a_model_with_code(
    open_model: OpenModel, tmp_path: Path
) -> None:
    folder = tmp_path / "with-code"
    shutil.copytree(MODELS / "no-code-labels", folder)
    (folder / "model.py").write_text(
        "import numpy as np\n"
        "def load(context): ...\n"
        "def preprocess(array): return array + 1\n"
        "def infer(model, image):\n"
        "    assert image.shape == (1, 3, 8, 8) and image.max() == 2\n"
        "    return image.mean(axis=(2, 3))\n"
    )
    [output] = open_model(folder).predict(png(np.full((8, 8, 3), GREEN)))
    assert output.value[0][0] == "green"


def test_an_output_is_restored_to_the_input_of_its_grid(write_model: WriteModel) -> None:
    inputs = [image_input(Y, X, id=id) for id in ("small", "large")]
    mask = {"id": "mask", "type": "mask", "grid": "large", "axes": inputs[0]["axes"]}
    folder = write_model(
        "import numpy as np\n"
        "def load(context): ...\n"
        "def infer(model, small, large): return np.ones((2, 2), np.uint8)\n",
        inputs=inputs,
        outputs=[{**mask, "postprocessing": [{"id": "restore_to_input"}]}],
    )
    with Engine(folder) as engine:
        [output] = engine.predict(
            {"small": png(np.zeros((3, 4, 3))), "large": png(np.zeros((5, 6, 3)))}
        )
    assert output.shape == [5, 6]


@pytest.mark.parametrize(
    ("kind", "keys", "message"),
    [
        (
            "inputs",
            {"preprocessing": [{"id": "resize", "kwargs": {"shape": {"z": 8}}}]},
            "Input 'image': operation resize names the axis z; the array has y, x, channel.",
        ),
        (
            "inputs",
            {"preprocessing": []},
            "Input 'image' has the axes y, x, channel after its operations; the network's tensor "
            "picture has 4 (1, 3, 8, 8). transpose adds and leaves out axes.",
        ),
        (
            "inputs",
            {"tensor": "photo"},
            "Input 'image': the network has no input tensor photo; it has picture.",
        ),
        (
            "outputs",
            {"tensor": "odds"},
            "Output 'colour': the network has no output tensor odds; it has logits.",
        ),
        (
            "outputs",
            {"postprocessing": [{"id": "labels", "kwargs": {"file": "labels.txt"}}]},
            "Output 'colour': operation labels comes after top_k or non_max_suppression.",
        ),
        (
            "outputs",
            {
                "postprocessing": [
                    {"id": "top_k", "kwargs": {"k": 1}},
                    {"id": "labels", "kwargs": {"file": "../labels.txt"}},
                ]
            },
            "Output 'colour': operation labels can't read ../labels.txt: ",
        ),
        (
            "weights",
            {"format": "onnx", "path": "labels.txt"},
            "ONNX Runtime can't open the weights: ",
        ),
    ],
)
def test_loading_says_what_does_not_fit(
    tmp_path: Path, kind: str, keys: dict[str, Any], message: str
) -> None:
    folder = copied("no-code-labels", tmp_path, kind, keys)
    with pytest.raises((ConfigError, LoadError)) as raised, Engine(folder):
        pass
    assert message in str(raised.value)


def test_a_folder_without_code_needs_one_onnx_file(tmp_path: Path) -> None:
    folder = copied("no-code-labels", tmp_path, "weights", {"format": "tflite"})
    with pytest.raises(EngineError, match=r"has no model\.py"), Engine(folder):
        pass


def test_of_two_onnx_files_none_is_the_one(tmp_path: Path) -> None:
    folder = copied("no-code-labels", tmp_path, "weights", {})
    config = json.loads((folder / "modelhub.json").read_text())
    config["weights"].append({**config["weights"][0], "id": "other"})
    (folder / "modelhub.json").write_text(json.dumps(config))
    with pytest.raises(EngineError, match=r"has no model\.py, so one of its weights"):
        Engine(folder).load()


@pytest.mark.parametrize(("asked", "count"), [(None, 3), ("5", 5), ("", 3), ("0", 1)])
def test_the_environment_has_the_last_word_on_threads(
    monkeypatch: pytest.MonkeyPatch, open_model: OpenModel, asked: str | None, count: int
) -> None:
    config = open_model("no-code-labels").config
    config.document["resources"] = {"cpus": 3}
    monkeypatch.delenv("MODELHUB_THREADS", raising=False)
    if asked is not None:
        monkeypatch.setenv("MODELHUB_THREADS", asked)
    assert threads(config) == count


def test_an_image_that_an_operation_cannot_take_is_the_clients_mistake(tmp_path: Path) -> None:
    crop = [{"id": "center_crop", "kwargs": {"shape": {"y": 8, "x": 8}}}]
    order = [{"id": "transpose", "kwargs": {"axes": ["batch", "channel", "y", "x"]}}]
    folder = copied("no-code-labels", tmp_path, "inputs", {"preprocessing": crop + order})
    with Engine(folder) as engine, pytest.raises(InputOutsideLimits) as raised:
        engine.predict(png(np.zeros((9, 7, 3))))
    assert str(raised.value) == (
        "Input 'image' has 7 elements along x; center_crop takes at least 8."
    )


def test_an_output_that_an_operation_cannot_take_is_the_models_mistake(tmp_path: Path) -> None:
    names = {"id": "name_axes", "kwargs": {"axes": ["channel"]}}
    end = {"id": "top_k", "kwargs": {"k": 1}}
    folder = copied("no-code-labels", tmp_path, "outputs", {"postprocessing": [names, end]})
    with Engine(folder) as engine, pytest.raises(OutputError) as raised:
        engine.predict(png(np.zeros((8, 8, 3))))
    assert str(raised.value) == "Output 'colour' is 1 × 3; name_axes says channel."


def test_an_output_is_joined_from_tensors_in_the_order_of_its_config(tmp_path: Path) -> None:
    keys = {"tensor": ["vector", "logits"], "type": "vector", "postprocessing": []}
    folder = copied("no-code-labels", tmp_path, "outputs", keys)
    config = json.loads((folder / "modelhub.json").read_text())
    config["outputs"].append({"id": "eightfold", "type": "vector", "tensor": "logits"})
    (folder / "modelhub.json").write_text(json.dumps(config))
    network = onnx.load(folder / "network.onnx")
    vector = helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, 3])
    network.graph.output.insert(0, vector)
    onnx.save(network, folder / "network.onnx")
    with Engine(folder) as engine:
        both, eightfold = engine.predict(png(np.full((8, 8, 3), (255, 51, 0))))
    np.testing.assert_allclose(both.value, [[1, 0.2, 0, 8, 1.6, 0]], rtol=1e-5)
    np.testing.assert_allclose(eightfold.value, [[8, 1.6, 0]], rtol=1e-5)


def copied(name: str, into: Path, kind: str, keys: dict[str, Any]) -> Path:
    """Copy a model's folder, with other keys in the first of its inputs, outputs or weights."""
    folder = into / name
    shutil.copytree(MODELS / name, folder)
    document = json.loads((folder / "modelhub.json").read_text())
    document[kind][0].update(keys)
    (folder / "modelhub.json").write_text(json.dumps(document))
    return folder


def png(pixels: Array) -> bytes:
    """Return an image file of pixels [y, x, channel], 0 to 255."""
    file = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).save(file, "PNG")
    return file.getvalue()
