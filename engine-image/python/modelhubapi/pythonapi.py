"""The old API in Python."""

from __future__ import annotations

import json
import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np


class ModelHubAPI:
    """A model that is loaded already, and its contrib_src. What goes wrong is `{"error": …}`."""

    def __init__(self, model: Any, contrib_src_dir: str | os.PathLike[str]) -> None:
        self.model = model
        self.contrib_src_dir = os.fspath(contrib_src_dir)
        self.output_folder = "/output"

    def get_config(self) -> dict[str, Any]:
        """Return model/config.json."""
        return read_json(Path(self.contrib_src_dir, "model", "config.json"))

    def get_legal(self) -> dict[str, Any]:
        """Return the texts of the licences."""
        folder = Path(self.contrib_src_dir, "license")
        keys = {"model_license": "model", "sample_data_license": "sample_data"}
        return {
            key: (folder / name).read_text()
            for key, name in keys.items()
            if (folder / name).is_file()
        }

    def get_model_io(self) -> dict[str, Any]:
        """Return what the model takes and gives."""
        config = self.get_config()
        return config if "error" in config else dict(config["model"]["io"])

    def get_samples(self) -> dict[str, Any]:
        """Return the folder of the sample data, and the names of the files there."""
        folder = Path(self.contrib_src_dir, "sample_data")
        if not folder.is_dir():
            return {"error": f"{folder} is no folder"}
        return {
            "folder": str(folder),
            "files": sorted(p.name for p in folder.iterdir() if p.is_file()),
        }

    def predict(self, input_file_path: Any, numpyToFile: bool = True, url_root: str = "") -> Any:
        """Return the model's outputs in the envelope of the REST API.

        The input is a path, that of a JSON with a `fileurl` for each input, or such a dict. Arrays
        are written to `output_folder` as HDF5 and given by their path, or else as lists.
        """
        try:
            config = self.get_config()
            described = config["model"]["io"]["output"]
            start = time.time()
            given = self.model.infer(self._unpacked(input_file_path))
            several = isinstance(given, list) and len(described) > 1
            return {
                "output": [
                    self._output(value, said, numpyToFile, url_root)
                    for value, said in zip(given if several else [given], described)
                ],
                "timestamp": datetime.now().strftime("%Y-%m-%d-%H-%M-%S-%f"),
                "processing_time": round(time.time() - start, 3),
                "model": {"id": config["id"], "name": config["meta"]["name"]},
            }
        except Exception as error:
            return {"error": repr(error)}

    def _unpacked(self, given: Any) -> Any:
        if not isinstance(given, dict):
            if not str(given).lower().endswith(".json"):
                return given
            given = read_json(Path(given))
        missing = [key for key in self.get_model_io()["input"] if key not in given]
        if missing:
            raise OSError(f"The input lacks {', '.join(missing)}, which the config has.")
        return given

    def _output(self, value: Any, said: dict[str, Any], to_file: bool, url_root: str) -> Any:
        is_array = isinstance(value, np.ndarray)
        shape = list(value.shape) if is_array else [len(value)]
        if is_array:
            value = (
                f"{url_root}api{self._saved(value, said['name'])}" if to_file else value.tolist()
            )
        return {
            "prediction": value,
            "shape": shape,
            "type": said["type"],
            "name": said["name"],
            "description": said.get("description", ""),
        }

    def _saved(self, array: np.ndarray[Any, Any], name: str) -> str:
        import h5py

        path = os.path.join(self.output_folder, f"{datetime.now():%Y-%m-%d-%H-%M-%S-%f}.h5")
        with h5py.File(path, "w") as file:
            file.create_dataset(name, data=array).attrs["type"] = np.bytes_(str(array.dtype))
        return path


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object, or what went wrong as `error`."""
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        return {"error": str(error)}
