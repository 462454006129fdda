"""The model of an old contrib_src: it reads its files itself, and runs in its own folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
import weakref
from pathlib import Path
from typing import Any, Iterator, Sequence

import numpy as np

from .config import Config, Output, Weights
from .context import Context
from .contribution import is_legacy
from .converters import Converter
from .errors import OutputError, SetupError
from .legacy_config import input_keys
from .loaders import Loader
from .model import Model, import_file
from .signatures import sniff
from .sources import Source
from .values import LabelList

#: Files that may hold the class Model.
ENTRYPOINTS = ("inference.py", "model.py")

#: How a file of a media type is named, for libraries that go by the name's ending.
ENDINGS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "image/bmp": ".bmp",
    "application/x-npy": ".npy",
    "application/x-npz": ".npz",
    "application/x-nrrd": ".nrrd",
    "application/dicom": ".dcm",
    "application/x-hdf5": ".h5",
    "application/json": ".json",
    "text/csv": ".csv",
}


class GivenFile:
    """An input's file, alone in a folder that goes when nobody holds this any longer."""

    def __init__(self, path: Path) -> None:
        self.path = path
        weakref.finalize(self, shutil.rmtree, path.parent, ignore_errors=True)


class FileLoader(Loader):
    """Any file, as the path that old models are given; the model's own code reads it."""

    def recognize(self, head: bytes, declared: str) -> str | None:
        """Return the media type of the file; of one that nothing tells of, the first declared."""
        return sniff(head) or self.input.media_types[0]

    def load(self, source: Source, media_type: str) -> GivenFile:
        """Return a copy whose name ends as its media type wants it."""
        nifti = ".nii.gz" if source.head(2) == b"\x1f\x8b" else ".nii"
        ending = nifti if media_type == "application/x-nifti" else ENDINGS.get(media_type, "")
        path = Path(tempfile.mkdtemp(prefix="modelhub-")) / f"{self.input.id}{ending}"
        path.write_bytes(source.read())
        return GivenFile(path)


class FileConverter(Converter):
    """Passes a file on: the model converts what it reads."""

    def accepts(self, native: Any) -> bool:
        """Whether it is such a file."""
        return isinstance(native, GivenFile)

    def convert(self, native: Any) -> Any:
        """Return it as it is."""
        return native


class LegacyModel(Model):
    """The class Model of a contrib_src, whose `infer` gets a path, or `{key: {"fileurl": path}}`.

    Raises SetupError for a folder without such a class.
    """

    loaders = (FileLoader,)
    converters = (FileConverter,)

    def __init__(self, config: Config, folder: Path) -> None:
        self._folder = folder
        # Clients of an old repository know its labels in the model's own order.
        self._is_ranked = not is_legacy(folder)
        self._weights = config.weights
        self._outputs = config.outputs
        self._keys = input_keys(folder)
        name = next((name for name in ENTRYPOINTS if (folder / name).is_file()), None)
        if name is None:
            raise SetupError(f"The model's folder has no {' and no '.join(ENTRYPOINTS)}.")
        sys.path.insert(0, str(folder))
        with inside(folder):
            module = import_file(folder / name, name)
        if not isinstance(getattr(module, "Model", None), type):
            raise SetupError(f"{name} has no class Model.")
        self._make = module.Model

    def load(self, context: Context) -> None:
        """Make the model, which loads its weights."""
        folder = whole(self._folder, self._weights, context)
        if folder != self._folder:
            weakref.finalize(self, shutil.rmtree, folder.parent, ignore_errors=True)
        self._folder = folder
        with inside(self._folder):
            self._model = self._make()

    def infer(self, *args: Any, **inputs: GivenFile) -> dict[str, Any]:
        """Return the outputs by their ids."""
        files = {self._keys[id]: str(given.path) for id, given in inputs.items()}
        single = len(files) == 1
        with inside(self._folder):
            given = self._model.infer(
                next(iter(files.values()))
                if single
                else {key: {"fileurl": path} for key, path in files.items()}
            )
        return dict(zip((output.id for output in self._outputs), self._several(given)))

    def _several(self, given: Any) -> list[Any]:
        """Return a value for each output: the first ModelHub took a list for all of them."""
        outputs = self._outputs
        values = given if isinstance(given, list) and len(outputs) > 1 else [given]
        if len(values) != len(outputs):
            raise OutputError(f"model gave {len(values)} outputs; the config has {len(outputs)}.")
        return [as_now(output, value, self._is_ranked) for output, value in zip(outputs, values)]


def as_now(output: Output, value: Any, is_ranked: bool) -> Any:
    """Return an old output in the form that its type has now."""
    if output.type == "label_list":
        pairs = ((item["label"], item["probability"]) for item in value)
        return LabelList(pairs, ranked=is_ranked)
    if output.type == "mask":
        return np.rint(value)
    return value


def whole(folder: Path, weights: Sequence[Weights], context: Context) -> Path:
    """Return the folder with its weights where old code opens them; in an image they lie apart."""
    apart = [item for item in weights if item.path and not (folder / item.path).exists()]
    if not apart:
        return folder
    links = Path(tempfile.mkdtemp(prefix="modelhub-")) / folder.name
    shutil.copytree(folder, links, copy_function=os.symlink)
    for item in apart:
        place = links / str(item.path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.symlink_to(context.weights(item.id))
    return links


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Make the folder the working directory meanwhile: old code opens `model/config.json`."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
