from __future__ import annotations

import io
import sys

import numpy as np
import pytest
from conftest import OpenModel, WriteModel, array_input, image_input, numbers
from PIL import Image
from prepared import input_keys
from test_array_inputs import npy

from modelhub.errors import (
    InputUndecodable,
    MediaTypeRefused,
    ModelError,
    SetupError,
    traceback_text,
)

CODE = """
import numpy as np
from modelhub import Converter, Loader, Model

class Floats(list):
    pass

class FloatsLoader(Loader):
    media_types = ("application/x-floats",)
    def signature(self, head):
        return head.startswith(b"FLOATS")
    def load(self, source, media_type):
        if source.size() > 100:
            raise ValueError("a bug")
        return Floats(map(float, source.read()[6:].split()))

class FloatsConverter(Converter):
    def accepts(self, native):
        return isinstance(native, Floats)
    def convert(self, native):
        return np.array(native, self.input.dtype)

class Echo(Model):
    loaders = [FloatsLoader]
    converters = [FloatsConverter]
    def infer(self, x):
        return x
"""

FUNCTIONS = CODE[: CODE.index("class Echo")].replace(", Model", "") + (
    "loaders = [FloatsLoader]\nconverters = [FloatsConverter]\n"
    "def load(context): ...\ndef infer(model, x): return x\n"
)

FLOATS = array_input(mediaTypes=["application/x-floats", "application/x-npy"])


@pytest.mark.parametrize("code", [CODE, FUNCTIONS])
def test_a_model_reads_files_of_its_own_kind_beside_the_engines(
    open_model: OpenModel, write_model: WriteModel, code: str
) -> None:
    engine = open_model(write_model(code, inputs=[FLOATS]))
    assert numbers(engine.predict(b"FLOATS 1 2.5")[0]).tolist() == [1, 2.5]
    assert numbers(engine.predict(npy(np.ones(2, "f4")))[0]).tolist() == [1, 1]
    with pytest.raises(MediaTypeRefused, match="got image/png"):
        engine.predict(b"\x89PNG\r\n\x1a\n")


def test_a_loader_of_the_model_that_fails_is_the_models_fault(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    engine = open_model(write_model(CODE, inputs=[FLOATS]))
    with pytest.raises(ModelError, match=r"failed in FloatsLoader\.load") as caught:
        engine.predict(b"FLOATS" + b" 1" * 100)
    assert "ValueError: a bug" in traceback_text(caught.value)


def test_a_loader_of_the_model_comes_before_the_engines(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    code = """
from modelhub import Loader
from PIL import Image
class RedLoader(Loader):
    media_types = ("image/png",)
    def load(self, source, media_type):
        return Image.new("RGB", (1, 1), "red")
loaders = [RedLoader]
def load(context): ...
def infer(model, x): return x
"""
    axes = [(axis, "space", None) for axis in "yx"]
    folder = write_model(code, inputs=[image_input(*axes, ("channel", "channel", 3))])
    stream = io.BytesIO()
    Image.new("RGB", (4, 4), "blue").save(stream, "PNG")
    [output] = open_model(folder).predict(stream.getvalue())
    assert numbers(output).tolist() == [[[255, 0, 0]]]


@pytest.mark.parametrize(
    ("kind", "module", "name"),
    [
        ("volume", "nibabel", "nibabel"),
        ("volume", "pydicom", "pydicom"),
        ("audio", "soundfile", "soundfile"),
        ("array", "h5py", "h5py"),
        ("image", "PIL", "Pillow"),
    ],
)
def test_names_the_library_that_the_runtime_lacks(
    open_model: OpenModel,
    write_model: WriteModel,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    module: str,
    name: str,
) -> None:
    for part in (module, f"{module}.Image", f"{module}.filereader"):
        monkeypatch.setitem(sys.modules, part, None)
    with pytest.raises(
        SetupError, match=f"the runtime has no {name} to read it: add {name.lower()}"
    ):
        open_model(write_model(inputs=[input_keys(kind)]))


@pytest.mark.parametrize(
    ("kind", "types"), [("volume", ["application/x-nrrd"]), ("audio", ["audio/wav"])]
)
def test_needs_no_library_that_the_media_types_dont(
    open_model: OpenModel,
    write_model: WriteModel,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    types: list[str],
) -> None:
    for module in ("nibabel", "pydicom", "soundfile", "PIL", "h5py"):
        monkeypatch.setitem(sys.modules, module, None)
    engine = open_model(write_model(inputs=[input_keys(kind, mediaTypes=types)]))
    with pytest.raises(InputUndecodable, match="is empty"):
        engine.predict(b"")
