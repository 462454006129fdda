"""Contributions to the first ModelHub.AI run unchanged; their layout is written here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import PYTHON, TESTS, environment, numbers
from test_batch import run

from modelhub import Engine
from modelhub.errors import InputOutsideLimits, MediaTypeRefused, ModelError, SetupError
from modelhub.legacy_config import legacy_document

#: Old code leaves it to Python to close its files.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)

SIZES = [{"min": 1, "max": 4}, {"min": 4}, {"min": 4, "max": 4096}]
LABELS = {"name": "probabilities", "type": "label_list", "description": "Classes."}

#: As the repository modelhub-ai/squeezenet has them, with ONNX Runtime in MXNet's place.
INFERENCE = """
import json
from processing import ImageProcessor
from modelhublib.model import ModelBase
import onnxruntime

class Model(ModelBase):
    def __init__(self):
        config = json.load(open("model/config.json"))
        self._imageProcessor = ImageProcessor(config)
        self._session = onnxruntime.InferenceSession("model/model.onnx")

    def infer(self, input):
        inputAsNpArr = self._imageProcessor.loadAndPreprocess(input)
        [scores] = self._session.run(None, {"data": inputAsNpArr})
        return self._imageProcessor.computeOutput(scores)
"""
PROCESSING = """
from modelhublib.processor import ImageProcessorBase
import PIL
import numpy as np
import json

class ImageProcessor(ImageProcessorBase):
    def _preprocessBeforeConversionToNumpy(self, image):
        if isinstance(image, PIL.Image.Image):
            return image.convert("RGB").resize((8, 8))
        raise IOError("Image Type not supported for preprocessing.")

    def _preprocessAfterConversionToNumpy(self, npArr):
        return npArr / 255

    def computeOutput(self, inferenceResults):
        probs = np.squeeze(np.asarray(inferenceResults))
        with open("model/labels.json") as jsonFile:
            labels = json.load(jsonFile)
        return [{'label': str(labels[str(i)]), 'probability': float(probs[i])}
                for i in range(len(probs))]
"""
RUN = """
import os
from modelhubapi import webservice
from inference import Model

if __name__ == "__main__":
    model = Model()
    contrib_src_dir = os.path.dirname(os.path.realpath(__file__))
    webservice.start(model, contrib_src_dir)
"""


def config(input: dict[str, Any], *outputs: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "d50796da-87f2-4493-846e-6eeb498acc63",
        "meta": {"name": "SqueezeNet", "task": "Classification", "task_extended": "Names pictures"},
        "publication": {"title": "A work", "year": 2016, "email": "a@example.org"},
        "model": {"format": ".onnx", "io": {"input": input, "output": list(outputs)}},
        "modelhub": {},
    }


def contribute(folder: Path, old: dict[str, Any], **code: str) -> Path:
    """Write a repository with contrib_src and the Python files named by the keywords."""
    source = folder / "repository/contrib_src"
    for name in ("model", "sample_data", "license"):
        (source / name).mkdir(parents=True)
    (source / "model/config.json").write_text(json.dumps(old))
    (source / "license/model").write_text("Terms of the model.")
    for name, text in code.items():
        (source / f"{name}.py").write_text(text)
    return source


@pytest.fixture
def squeezenet(tmp_path: Path) -> Path:
    """The layout of squeezenet, with a network that averages colours and scales them."""
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    image = pytest.importorskip("PIL.Image")
    old = config({"format": ["image/png", "image/jpg"], "dim_limits": SIZES}, LABELS)
    source = contribute(tmp_path, old, inference=INFERENCE, processing=PROCESSING, run=RUN)
    names = {str(i): f"class {i}" for i in range(1000)}
    (source / "model/labels.json").write_text(json.dumps(names))
    image.new("RGB", (9, 7), (255, 0, 0)).save(source / "sample_data/red.png")
    weights = np.zeros((3, 1000), np.float32)
    weights[0, 7], weights[1, 11] = 20, 20
    helper, types = onnx.helper, onnx.TensorProto
    graph = helper.make_graph(
        [
            helper.make_node("GlobalAveragePool", ["data"], ["mean"]),
            helper.make_node("Flatten", ["mean"], ["colours"]),
            helper.make_node("MatMul", ["colours", "weights"], ["scores"]),
            helper.make_node("Softmax", ["scores"], ["probabilities"], axis=1),
        ],
        "net",
        [helper.make_tensor_value_info("data", types.FLOAT, [1, 3, 8, 8])],
        [helper.make_tensor_value_info("probabilities", types.FLOAT, [1, 1000])],
        [onnx.numpy_helper.from_array(weights, "weights")],
    )
    opset = [helper.make_opsetid("", 13)]
    onnx.save(
        helper.make_model(graph, opset_imports=opset, ir_version=8), source / "model/model.onnx"
    )
    return source.parent


def test_a_repository_runs_as_it_is(squeezenet: Path) -> None:
    before = os.getcwd()
    with Engine(squeezenet) as engine:
        [output] = engine.predict(squeezenet / "contrib_src/sample_data/red.png")
    assert output.name == "probabilities"
    assert len(output.value) == 1000
    # In the model's own order, as its clients know it.
    assert output.value[7] == ("class 7", pytest.approx(1, abs=1e-4))
    assert os.getcwd() == before


def test_the_folder_contrib_src_itself_will_do(squeezenet: Path) -> None:
    content = (squeezenet / "contrib_src/sample_data/red.png").read_bytes()
    with Engine(squeezenet / "contrib_src") as engine:
        assert engine.predict(content)[0].value[7][1] > 0.99


def test_a_modelhub_json_beside_the_old_config_leaves_the_code_as_it_is(
    squeezenet: Path, tmp_path: Path
) -> None:
    source = squeezenet / "contrib_src"
    document = json.loads(run("config", "--model", squeezenet).stdout)
    document["title"] = "Adopted"
    (source / "modelhub.json").write_text(json.dumps(document))
    # As in an image: weights have a folder of their own.
    weights = tmp_path / "weights/model/model.onnx"
    weights.parent.mkdir(parents=True)
    (source / "model/model.onnx").rename(weights)
    with Engine(source, tmp_path / "weights") as engine:
        assert engine.config.title == "Adopted"
        [output] = engine.predict(source / "sample_data/red.png")
    assert output.value[0] == ("class 7", pytest.approx(1, abs=1e-4))


def test_a_config_json_of_others_makes_no_old_contribution(squeezenet: Path) -> None:
    source = squeezenet / "contrib_src"
    (source / "modelhub.json").write_text(run("config", "--model", squeezenet).stdout)
    (source / "model/config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(SetupError, match=r"inference.py needs the functions load and infer"):
        Engine(source).load()


def test_the_command_line_takes_it_too(squeezenet: Path) -> None:
    file = squeezenet / "contrib_src/sample_data/red.png"
    done = run("predict", file, "--model", squeezenet)
    assert done.returncode == 0, done.stderr
    assert "class 7" in done.stdout
    out = squeezenet / "out"
    assert run("batch", file, "--out", out, "--model", squeezenet).returncode == 0
    legal = run("licenses", "--model", squeezenet).stdout
    assert "Terms of the model." in legal


def test_the_old_config_is_told_in_the_words_of_modelhub_json(squeezenet: Path) -> None:
    document = json.loads(run("config", "--model", squeezenet).stdout)
    assert document["id"] == "squeezenet"
    assert document["summary"] == "Names pictures"
    assert document["publications"] == [{"title": "A work", "year": 2016}]
    assert document["inputs"] == [
        {
            "id": "single",
            "kind": "image",
            "mediaTypes": ["image/png", "image/jpeg"],
            "axes": [
                {"name": "y", "type": "space", "size": {"min": 4}},
                {"name": "x", "type": "space", "size": {"min": 4, "max": 4096}},
            ],
            "dtype": "uint8",
        }
    ]
    [weights] = document["weights"]
    assert (weights["id"], weights["path"], weights["format"]) == (
        "model",
        "model/model.onnx",
        "onnx",
    )
    [sample] = document["samples"]
    assert sample["inputs"] == {"single": "sample_data/red.png"}


def test_other_files_and_sizes_are_refused(squeezenet: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    image.new("RGB", (3, 3)).save(squeezenet / "small.png")
    with Engine(squeezenet) as engine:
        with pytest.raises(InputOutsideLimits, match=r"The image is \[3, 3, 3\]"):
            engine.predict(squeezenet / "small.png")
        with pytest.raises(MediaTypeRefused, match="accepts image/png, image/jpeg; got image/gif"):
            engine.predict(TESTS / "files/renamed-gif.png")


def test_run_py_becomes_the_engines_server(squeezenet: Path) -> None:
    fake = squeezenet / "bin"
    fake.mkdir()
    (fake / "node").write_text('#!/bin/sh\necho "$MODELHUB_MODEL" "$@"\n')
    (fake / "node").chmod(0o755)
    (squeezenet / "front.mjs").touch()
    source = squeezenet / "contrib_src"
    done = subprocess.run(
        [sys.executable, "run.py"],
        cwd=source,
        env=environment(MODELHUB_ENGINE=str(squeezenet), PYTHONWARNINGS=""),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == f"{source} {squeezenet / 'front.mjs'} serve\n"


#: Four scans in, a mask of whole floats out; its own loader, as in lfb-rwth-brats.
SCANS = """
import json
import numpy as np
from modelhublib.model import ModelBase
from modelhublib.processor import ImageProcessorBase
from modelhublib.imageloaders import ImageLoader
from modelhublib.imageconverters import NumpyToNumpyConverter

class NiftiImageLoader(ImageLoader):
    def _load(self, input):
        import nibabel
        return np.asarray(nibabel.load(input).dataobj)

    def _getImageDimensions(self, image):
        return image.shape

class ImageProcessor(ImageProcessorBase):
    def __init__(self, config):
        self._config = config
        self._imageLoader = NiftiImageLoader(self._config)
        self._imageToNumpyConverter = NumpyToNumpyConverter()

class Model(ModelBase):
    def __init__(self):
        self._processor = ImageProcessor(json.load(open("model/config.json")))

    def infer(self, input):
        arrays = [self._processor.loadAndPreprocess(input[id]["fileurl"], id=id)
                  for id in ("t1", "FLAIR")]
        return (arrays[0] > arrays[1]).astype(float)
"""


@pytest.fixture
def brats(tmp_path: Path) -> Path:
    nibabel = pytest.importorskip("nibabel")
    scan = {"format": ["application/nii-gzip"], "dim_limits": [{"min": 2, "max": 8}] * 3}
    output = {"name": "Segmentation", "type": "mask_image"}
    old = config({"format": ["application/json"], "t1": scan, "FLAIR": scan}, output)
    source = contribute(tmp_path, old, inference=SCANS)
    for name, value in (("t1", 2), ("flair", 1)):
        array = np.full((2, 3, 4), value, np.uint8)
        nibabel.save(nibabel.Nifti1Image(array, np.eye(4)), source / f"sample_data/{name}.nii.gz")
    named = {"t1": "t1", "FLAIR": "flair"}
    sample = {
        "format": ["application/json"],
        **{key: {"fileurl": f"sample_data/{name}.nii.gz"} for key, name in named.items()},
    }
    (source / "sample_data/sample.json").write_text(json.dumps(sample))
    return source


def test_several_inputs_come_under_their_old_keys_and_a_mask_goes_out(brats: Path) -> None:
    with Engine(brats) as engine:
        assert [(input.id, input.kind) for input in engine.config.inputs] == [
            ("t1", "volume"),
            ("flair", "volume"),
        ]
        [sample] = engine.config.samples
        files = {id: brats / path for id, path in sample.inputs.items()}
        [output] = engine.predict(files)
    assert output.type == "mask"
    assert numbers(output).dtype == np.uint8
    assert numbers(output).shape == (2, 3, 4)
    assert numbers(output).all()


@pytest.mark.parametrize(
    ("value", "type", "expected"),
    [
        ("[[[1, 2], [3, 4], [5, 6]]]", "contour", [[[1, 2], [3, 4], [5, 6]]]),
        ("numpy.arange(3.0)", "ndarray", [0, 1, 2]),
        ("[0.5, 1]", "vector", [0.5, 1]),
        ('{"any": [1]}', "custom", {"any": [1]}),
    ],
)
def test_old_types_of_outputs_have_their_names_of_now(
    tmp_path: Path, value: str, type: str, expected: Any
) -> None:
    code = f"import numpy\nclass Model:\n  def infer(self, input): return {value}"
    old = config({"single": {"format": ["text/csv"]}}, {"name": "My output", "type": type})
    source = contribute(tmp_path, old, inference=code)
    with Engine(source) as engine:
        [output] = engine.predict(b"a,b\n1,2\n")
    assert output.name == "my_output"
    found = output.prediction
    assert ([line["points"] for line in found] if type == "contour" else found) == expected


def test_several_outputs_are_a_list(tmp_path: Path) -> None:
    code = "class Model:\n  def infer(self, input): return [[0.5], 'said']"
    outputs = [{"name": "a", "type": "vector"}, {"name": "b", "type": "text"}]
    source = contribute(tmp_path, config({"format": []}, *outputs), inference=code)
    with Engine(source) as engine:
        assert [output.prediction for output in engine.predict(b"x")] == [[0.5], "said"]


@pytest.mark.parametrize(
    ("io", "kind", "media_type"),
    [
        ({"format": ["application/dicom"], "dim_limits": [{"min": 1, "max": 1}]}, "image", "dicom"),
        ({"single": {"format": ["application/nrrd"]}}, "volume", "x-nrrd"),
        ({"single": {"format": ["application/octet-stream"]}}, "array", "x-npy"),
        ({"single": {"dim_limits": [{"min": 0}]}}, "file", "octet-stream"),
        ({"format": [""]}, "file", "octet-stream"),
    ],
)
def test_what_old_configs_say_of_inputs_is_understood(
    tmp_path: Path, io: dict[str, Any], kind: str, media_type: str
) -> None:
    [input] = legacy_document(contribute(tmp_path, config(io, LABELS)))["inputs"]
    assert input["kind"] == kind
    assert input["mediaTypes"] == [f"application/{media_type}"]


def test_what_the_model_raises_stays_in_the_log(tmp_path: Path) -> None:
    code = "class Model:\n  def infer(self, input): raise IOError('secret')"
    source = contribute(tmp_path, config({"format": []}, LABELS), inference=code)
    with Engine(source) as engine, pytest.raises(ModelError, match="failed in infer"):
        engine.predict(b"x")


def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    source = contribute(tmp_path, config({"format": []}, LABELS))
    with pytest.raises(SetupError, match=r"no inference\.py and no model\.py"):
        Engine(source).load()
    (source / "inference.py").write_text("Model = None")
    with pytest.raises(SetupError, match=r"inference\.py has no class Model"):
        Engine(source).load()


def test_the_old_api_in_python_still_answers(squeezenet: Path) -> None:
    source = squeezenet / "contrib_src"
    code = (
        "import json, sys\n"
        "from modelhubapi import ModelHubAPI\n"
        "from inference import Model\n"
        "api = ModelHubAPI(Model(), '.')\n"
        "print(json.dumps([api.get_config(), api.get_legal(), api.get_model_io(),\n"
        "  api.get_samples(), api.predict('sample_data/red.png'), api.predict('none.png')]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=source,
        env=environment(PYTHONPATH=os.pathsep.join([str(PYTHON), str(source)])),
        capture_output=True,
        text=True,
        check=True,
    )
    old, legal, io, samples, reply, failed = json.loads(done.stdout)
    assert old["meta"]["name"] == "SqueezeNet"
    assert legal["model_license"] == "Terms of the model."
    assert io["input"]["format"] == ["image/png", "image/jpg"]
    assert samples["files"] == ["red.png"]
    assert reply["model"] == {"id": old["id"], "name": "SqueezeNet"}
    assert reply["output"][0]["shape"] == [1000]
    assert set(failed) == {"error"}
