from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest
from conftest import MODELS, OpenModel, WriteModel, array_input, numbers
from test_array_inputs import npy

from modelhub import Engine
from modelhub.context import Context, Task
from modelhub.errors import (
    Cancelled,
    ConfigError,
    InputError,
    LoadError,
    ModelError,
    OutputError,
    SetupError,
    WrongInputs,
    traceback_text,
)
from modelhub.sources import Source

ONE = npy(np.ones(1, "f4"))


def test_runs_a_model_of_two_functions(open_model: OpenModel) -> None:
    [output] = open_model("colours").predict(MODELS / "colours/samples/brick.png")
    assert output.value == [("red", 0.78125), ("green", 0.15625), ("blue", 0.0625)]


def test_runs_a_model_that_is_a_class_with_its_hooks_in_turn(open_model: OpenModel) -> None:
    [output] = open_model("doubled").predict(MODELS / "doubled/samples/small.npy")
    np.testing.assert_allclose(numbers(output), np.array([[0, 0.2, 0.4], [0.6, 0.8, 1]]), atol=1e-6)


def test_runs_several_inputs_and_tells_the_hooks_which(open_model: OpenModel) -> None:
    samples = MODELS / "both/samples"
    hooks, colours = open_model("both").predict(
        {"numbers": samples / "grey.npy", "image": (samples / "grey.png").read_bytes()}
    )
    assert hooks.prediction == [1, 1, 1]
    assert colours.value == [("red", 0.5), ("blue", 0.25)]


def test_says_which_inputs_are_missing_or_unknown(open_model: OpenModel) -> None:
    with pytest.raises(WrongInputs) as caught:
        open_model("both").predict({"image": b"", "picture": b""})
    assert str(caught.value) == (
        "Input 'numbers' is missing, input 'picture' is unknown; the model takes image, numbers."
    )
    assert caught.value.status == 400


def test_a_hook_whose_only_argument_is_named_input_gets_the_value(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    code = (
        "def load(context): ...\n"
        "def preprocess(input): return input + 1\n"
        "def infer(model, x): return x"
    )
    [output] = open_model(write_model(code)).predict(ONE)
    assert output.prediction == [2.0]


def test_a_model_that_raises_gives_an_id_and_keeps_its_secrets(open_model: OpenModel) -> None:
    with pytest.raises(ModelError) as caught:
        open_model("raises").predict(MODELS.parent / "files/one.npy")
    error = caught.value
    assert error.as_problem() == {
        "code": "model_failed",
        "title": "The model failed",
        "status": 500,
        "detail": f"The model failed in infer. The log tells why, under id {error.id}.",
    }
    assert f"error {error.id}:" in traceback_text(error)
    assert "a secret of the model" in traceback_text(error)


@pytest.mark.parametrize(
    ("code", "step"),
    [
        ("def infer(model, x): raise SystemExit(3)", "infer"),
        ("def infer(model, x): return x\ndef preprocess(array): return 1 / 0", "preprocess"),
        ("def infer(model, x): return x\ndef postprocess(output): return 1 / 0", "postprocess"),
    ],
)
def test_a_models_error_says_in_which_step(
    open_model: OpenModel, write_model: WriteModel, code: str, step: str
) -> None:
    engine = open_model(write_model(f"def load(context): ...\n{code}"))
    with pytest.raises(ModelError, match=f"failed in {step}"):
        engine.predict(ONE)


def test_an_output_that_isnt_finite_names_the_output(open_model: OpenModel) -> None:
    with pytest.raises(OutputError) as caught:
        open_model("not-finite").predict(MODELS.parent / "files/zero.npy")
    assert str(caught.value) == "Output 'numbers': model gave non-finite numbers."


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "found neither"),
        ("def load(c): ...", r"found load\(\)"),
        ("from modelhub import Model\nclass A(Model): ...\nclass B(Model): ...", "found A, B"),
        (
            "from modelhub import Model\nclass A(Model): ...\ndef infer(model, x): ...",
            r"found A, infer\(\)",
        ),
        ("def load(c): ...\ndef infer(model, picture): ...", r"inputs as keywords \(x\)"),
        ("def load(c): ...\ndef infer(): ...", r"inputs as keywords \(x\)"),
        ("def load(c): 1 / 0\ndef infer(model, x): ...", "load raised ZeroDivisionError"),
        ("def load(c): exit(3)\ndef infer(model, x): ...", "load raised SystemExit: 3"),
        ("import no_such_module", "(?s)raised ModuleNotFoundError: .*hint: .*requirements.txt"),
        (
            "def load(c): import no_such_module\ndef infer(model, x): ...",
            "(?s)load raised ModuleNotFoundError: .*hint: .*requirements.txt",
        ),
        ("exit(3)", "model.py raised SystemExit: 3"),
        ("def (", "model.py raised SyntaxError"),
        (
            "from modelhub import Model\nclass A(Model):\n  def __init__(self, n): ...",
            "A in model.py can't be constructed",
        ),
    ],
)
def test_a_folder_that_doesnt_load_says_why(
    open_model: OpenModel, write_model: WriteModel, code: str, sentence: str
) -> None:
    path = list(sys.path)
    with pytest.raises(SetupError, match=sentence) as caught:
        open_model(write_model(code))
    assert caught.value.code == "setup_failed"
    assert sys.path == path


def test_the_log_gets_the_traceback_of_a_load_that_raised(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    with pytest.raises(LoadError) as caught:
        open_model(write_model("def load(c): 1 / 0\ndef infer(model, x): ..."))
    assert "line 1, in load" in traceback_text(caught.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "modelhub.json can't be read: no such file or directory"),
        ("{", "modelhub.json is no JSON"),
        ("[]", "no JSON object"),
        ("{}", "lacks the key 'id'"),
        (json.dumps({"id": "a", "title": "A", "weights": 1}), "can't be read"),
    ],
)
def test_a_config_that_cant_be_used_says_why(
    tmp_path: Path, text: str | None, sentence: str
) -> None:
    if text is not None:
        (tmp_path / "modelhub.json").write_text(text)
    with pytest.raises(ConfigError, match=sentence):
        Engine(tmp_path)


def test_an_output_of_an_unknown_type_is_refused(write_model: WriteModel) -> None:
    with pytest.raises(ConfigError, match="'masks' is none of label_list, vector"):
        Engine(write_model(outputs=[{"id": "y", "type": "masks"}]))


def test_the_model_finds_its_own_modules_also_late(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    code = (
        "import early_help\n"
        "def load(context): ...\n"
        "def infer(model, x):\n  import late_help\n  return [early_help.N, late_help.N]"
    )
    folder = write_model(code)
    (folder / "early_help.py").write_text("N = 1")
    (folder / "late_help.py").write_text("N = 2")
    engine = open_model(folder)
    assert engine.predict(ONE)[0].prediction == [1, 2]
    engine.close()
    assert not {"early_help", "late_help", "model"} & set(sys.modules)
    assert str(folder) not in sys.path


def test_two_models_run_side_by_side(open_model: OpenModel) -> None:
    first = open_model("colours")
    module = sys.modules["model"]
    second = open_model("doubled")
    assert sys.modules["model"] is module
    assert first.predict(MODELS / "colours/samples/brick.png")
    assert second.predict(MODELS / "doubled/samples/small.npy")


def test_the_entrypoint_may_have_another_name(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    folder = write_model("", model={"entrypoint": "code/run.py"})
    with pytest.raises(SetupError, match=r"has no code/run\.py"):
        open_model(folder)
    (folder / "code").mkdir()
    (folder / "code/run.py").write_text("def load(c): ...\ndef infer(model, x): return x")
    assert open_model(folder).predict(ONE)


def test_unload_is_called_once_at_the_end(write_model: WriteModel) -> None:
    code = (
        "from modelhub import Model\n"
        "class A(Model):\n"
        "  def load(self, context): self.path = context.file('unloaded')\n"
        "  def infer(self, x): return x\n"
        "  def unload(self): self.path.mkdir()"
    )
    folder = write_model(code)
    with Engine(folder) as engine:
        assert not (folder / "unloaded").exists()
    # A second call would find the folder there.
    engine.close()
    assert (folder / "unloaded").exists()


def test_unload_of_functions_gets_what_load_returned(write_model: WriteModel) -> None:
    code = (
        "def load(context): return context.file('unloaded')\n"
        "def infer(model, x): return x\n"
        "def unload(model): model.mkdir()"
    )
    folder = write_model(code)
    Engine(folder).load().close()
    assert (folder / "unloaded").exists()


#: Reads numbers that are separated by semicolons, and refuses those that are too many.
OWN_FORMAT = """
import numpy as np
from modelhub import Converter, InputError, Loader

class Numbers(list): ...

class SemicolonLoader(Loader):
    media_types = ("application/x-semicolons",)
    def signature(self, head): return b";" in head
    def load(self, source, media_type): return Numbers(source.read().decode().split(";"))

class NumbersConverter(Converter):
    def accepts(self, native): return isinstance(native, Numbers)
    def convert(self, native): return np.array(native, self.input.dtype)

loaders = [SemicolonLoader]
converters = [NumbersConverter]

def load(context): ...
def preprocess(array):
    if array.size > 3:
        raise InputError("has more than 3 numbers.")
    return array
def infer(model, x): return x * 2
"""


def test_a_model_may_read_files_of_its_own_kind(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    media_types = ["application/x-semicolons", "application/x-npy"]
    engine = open_model(write_model(OWN_FORMAT, inputs=[array_input(mediaTypes=media_types)]))
    assert engine.predict(b"1;2;3")[0].prediction == [2, 4, 6]
    assert engine.predict(ONE)[0].prediction == [2]


def test_floats_of_preprocess_come_in_the_dtype_of_the_input(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    code = (
        "import numpy\ndef load(context): ...\n"
        "def preprocess(array): return array * numpy.array([0.5])\n"
        "def infer(model, x): return [x.dtype.itemsize]\n"
    )
    assert open_model(write_model(code)).predict(ONE)[0].prediction == [4]


def test_a_model_may_refuse_an_input_in_its_own_words(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    media_types = ["application/x-semicolons"]
    engine = open_model(write_model(OWN_FORMAT, inputs=[array_input(mediaTypes=media_types)]))
    with pytest.raises(InputError) as caught:
        engine.predict(b"1;2;3;4")
    assert str(caught.value) == "Input 'x' has more than 3 numbers."
    assert caught.value.status == 400


def test_named_operations_come_before_preprocess_and_after_postprocess(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    code = (
        "def load(context): ...\n"
        "def preprocess(array): return array + 1\n"
        "def infer(model, x): return x\n"
        "def postprocess(output): return output * 10"
    )
    double = {"id": "scale_linear", "kwargs": {"gain": 2}}
    clip = {"id": "clip", "kwargs": {"max": 25}}
    axes = [{"name": "index", "type": "index"}]
    model = write_model(
        code,
        inputs=[array_input(preprocessing=[double])],
        outputs=[{"id": "y", "type": "vector", "axes": axes, "postprocessing": [clip]}],
    )
    # (0 * 2 + 1) * 10, and (1 * 2 + 1) * 10, which is clipped.
    assert open_model(model).predict(npy(np.array([0, 1], "f4")))[0].prediction == [10, 25]


def test_a_mask_lies_where_the_scan_lies_that_it_was_made_of(
    open_model: OpenModel, write_model: WriteModel, tmp_path: Path
) -> None:
    nibabel = pytest.importorskip("nibabel")
    axes = [{"name": name, "type": "space"} for name in "zyx"]
    scan = array_input(kind="volume", mediaTypes=["application/x-nifti"], axes=axes)
    mask = {"id": "mask", "type": "mask", "axes": axes, "grid": "x"}
    code = "def load(context): ...\ndef infer(model, x): return (x > 2).astype('uint8')"
    image = nibabel.Nifti1Image(np.arange(24, dtype="f4").reshape(2, 3, 4), np.diag([2, 3, 4, 1]))
    nibabel.save(image, tmp_path / "scan.nii.gz")
    [output] = open_model(write_model(code, inputs=[scan], outputs=[mask])).predict(
        tmp_path / "scan.nii.gz"
    )
    assert output.geometry is not None
    assert output.geometry.spacing == (2, 3, 4)
    assert output.shape == [4, 3, 2]


def test_predicting_needs_a_loaded_model() -> None:
    with pytest.raises(SetupError, match=r"call load\(\) first"):
        Engine(MODELS / "colours").predict(b"")


@pytest.fixture
def context(write_model: WriteModel) -> Callable[..., Context]:
    def make(weights_folder: Path | None = None, **keys: Any) -> Context:
        return Engine(write_model(**keys), weights=weights_folder).context

    return make


def test_weights_come_from_the_weights_folder_first(
    context: Callable[..., Context], tmp_path: Path
) -> None:
    own = tmp_path / "model/weights.bin"
    assert context(tmp_path / "w").weights() == own
    (tmp_path / "w/weights").mkdir(parents=True)
    (tmp_path / "w/weights/weights.bin").write_bytes(b"w")
    assert context(tmp_path / "w").weights("weights") == tmp_path / "w/weights/weights.bin"
    assert context().weights() == own


@pytest.mark.parametrize(
    ("keys", "name"),
    [
        ({"path": "deep/a.onnx"}, "a.onnx"),
        ({"source": "pkg:pypi/silero-vad@6.2.3#silero_vad/data/b.onnx"}, "b.onnx"),
        ({"source": "https://example.org/c.onnx?download=1"}, "c.onnx"),
        ({"path": "d.onnx", "source": "https://example.org/c.onnx"}, "d.onnx"),
    ],
)
def test_weights_are_named_by_their_path_or_source(
    context: Callable[..., Context],
    tmp_path: Path,
    keys: dict[str, str],
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = tmp_path / "w/main" / name
    place.parent.mkdir(parents=True)
    place.touch()
    monkeypatch.setenv("MODELHUB_WEIGHTS", str(tmp_path / "w"))
    weights = [{"id": "main", "sha256": "0" * 64, **keys}]
    assert context(weights=weights).weights() == place


def test_says_where_it_looked_for_weights(context: Callable[..., Context], tmp_path: Path) -> None:
    found = context(tmp_path / "w")
    (tmp_path / "model/weights.bin").unlink()
    with pytest.raises(SetupError, match=r"'weights' aren't there: looked for .*w/weights/weights"):
        found.weights()
    with pytest.raises(SetupError, match="no weights 'other'; the config has weights"):
        found.weights("other")


def test_files_of_the_folder_are_read(context: Callable[..., Context], tmp_path: Path) -> None:
    found = context()
    (tmp_path / "model/labels.json").write_text('["é"]', encoding="utf-8")
    assert found.json("labels.json") == ["é"]
    assert found.text("labels.json") == '["é"]'
    assert found.file("labels.json") == tmp_path / "model/labels.json"
    assert found.config["id"] == "written"


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "a/../../secret", "link/secret"])
def test_no_file_outside_the_folder_is_read(
    context: Callable[..., Context], tmp_path: Path, path: str
) -> None:
    found = context()
    (tmp_path / "model/link").symlink_to(tmp_path)
    with pytest.raises(SetupError, match="leaves the model's folder"):
        found.file(path)


def test_progress_is_reported_now_and_then_and_at_the_end(context: Callable[..., Context]) -> None:
    reports: list[float] = []
    found = context()
    found.progress(0.5)
    found.attend(Task(reports.append))
    for step in range(10_000):
        found.progress((step + 1) / 10_000)
    assert reports[-1] == 1
    assert 2 <= len(reports) < 20
    found.progress(7)
    assert reports[-1] == 1


def test_the_device_is_a_gpu_where_the_container_has_one(
    context: Callable[..., Context], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modelhub.context.DEVICES", tmp_path)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    assert context().device == "cpu"
    (tmp_path / "nvidia0").touch()
    assert context().device == "cuda"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert context().device == "cpu"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "GPU-8932f937")
    assert context().device == "cuda"


def test_a_cancelled_request_stops_between_the_stages(open_model: OpenModel) -> None:
    engine = open_model("slow")
    task = Task()
    task.cancelled = True
    assert not engine.context.cancelled
    with pytest.raises(Cancelled):
        engine.run({"numbers": Source(ONE)}, task)
    assert engine.context.cancelled


def test_timings_add_up(open_model: OpenModel) -> None:
    source = Source(MODELS / "doubled/samples/small.npy")
    times = open_model("doubled").run({"numbers": source}, Task()).microseconds
    assert list(times) == ["load", "convert", "preprocess", "infer", "postprocess", "total"]
    stages = sum(times.values()) - times["total"]
    assert 0 < stages <= times["total"]


def test_weights_lie_where_they_were_named_though_the_folder_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    engine = Engine(MODELS / "doubled", "weights")
    monkeypatch.chdir("/")
    assert engine.weights == tmp_path / "weights"
