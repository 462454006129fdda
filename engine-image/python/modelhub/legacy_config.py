"""A contribution to the first ModelHub.AI, `contrib_src/`, as modelhub.json would say it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from .contribution import LEGACY_FILE
from .errors import ConfigError
from .hashes import stream_sha256

#: Media types as old configs have them, and what they mean.
MEDIA_TYPES = {
    "image/jpg": "image/jpeg",
    "application/nii": "application/x-nifti",
    "application/nii-gzip": "application/x-nifti",
    "application/nifti": "application/x-nifti",
    "application/nrrd": "application/x-nrrd",
    "application/octet-stream": "application/x-npy",
}

#: Types of outputs that have another name now.
OUTPUT_TYPES = {"mask_image": "mask", "ndarray": "vector"}

#: Endings of files with weights.
WEIGHTS = (
    *(".onnx", ".pth", ".pt", ".tar", ".h5", ".hdf5", ".pb", ".tflite", ".caffemodel"),
    *(".params", ".pkl", ".mat", ".ckpt", ".t7", ".model"),
)

FORMATS = {".onnx": "onnx", ".h5": "keras", ".hdf5": "keras", ".pth": "pytorch-state-dict"}

TASKS = {"classification": "image-classification", "segmentation": "segmentation"}


def legacy_document(folder: Path) -> dict[str, Any]:
    """Return the config of a contrib_src in the form of modelhub.json.

    Weights are hashed. What no old config says, such as licences and expected outputs, isn't
    there. Raises ConfigError.
    """
    try:
        old = json.loads((folder / LEGACY_FILE).read_text(encoding="utf-8"))
        model, meta = old["model"], old.get("meta", {})
        inputs = list(map(read_input, *zip(*legacy_inputs(model["io"]["input"]).items())))
        return {
            "schemaVersion": "1",
            "id": slug(meta.get("name") or folder.resolve().parent.name, "-"),
            "title": meta.get("name") or folder.resolve().parent.name,
            "summary": meta.get("task_extended") or meta.get("task") or "An old contribution.",
            "task": TASKS.get(str(meta.get("task", "")).lower(), "other"),
            "model": {
                "architecture": model.get("architecture") or "unknown",
                "framework": "unknown",
                "entrypoint": "inference.py",
            },
            "weights": read_weights(folder, model.get("format", "")),
            "inputs": inputs,
            "outputs": [read_output(output) for output in model["io"]["output"]],
            "samples": read_samples(folder, [input["id"] for input in inputs]),
            **described(old),
        }
    except OSError as error:
        raise ConfigError(f"{LEGACY_FILE} can't be read: {error.strerror}.") from error
    except KeyError as error:
        raise ConfigError(f"{LEGACY_FILE} lacks the key {error}.") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"{LEGACY_FILE} can't be read: {error}.") from error


def legacy_inputs(io: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the inputs by their old keys; the only one of a model is `single` where unnamed.

    The first configs have `format` and `dim_limits` at the top, later ones a key for each input.
    """
    keyed = {key: value for key, value in io.items() if isinstance(value, dict)}
    return keyed or {"single": io}


def input_keys(folder: Path) -> dict[str, str]:
    """Return the old key of each input by its id."""
    old = json.loads((folder / LEGACY_FILE).read_text(encoding="utf-8"))
    return {slug(key, "_"): key for key in legacy_inputs(old["model"]["io"]["input"])}


def read_input(key: str, value: dict[str, Any]) -> dict[str, Any]:
    """Return one of `inputs`."""
    said = [str(media_type).lower() for media_type in value.get("format") or []]
    media_types = list(dict.fromkeys(MEDIA_TYPES.get(name, name) for name in said if name))
    kind = kind_of(media_types, value.get("dim_limits") or [])
    return {
        "id": slug(key, "_"),
        "kind": kind,
        "mediaTypes": media_types or ["application/octet-stream"],
        "axes": read_axes(kind, value.get("dim_limits") or []),
        "dtype": "uint8" if kind in ("image", "file") else "float32",
    }


def kind_of(media_types: list[str], limits: list[dict[str, Any]]) -> str:
    """Return the kind of an input with these media types."""
    if any(name.startswith("image/") for name in media_types):
        return "image"
    if "application/dicom" in media_types and limits and limits[0].get("max", 2) <= 1:
        return "image"
    volumes = ("application/x-nifti", "application/x-nrrd", "application/dicom")
    if any(name in volumes for name in media_types):
        return "volume"
    return "array" if "application/x-npy" in media_types else "file"


def read_axes(kind: str, limits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the axes; old limits are those of z or channels, y and x."""
    if kind == "file":
        return [{"name": "byte", "type": "index"}]
    axes = [("z", "index" if kind == "array" else "space"), ("y", "space"), ("x", "space")]
    sizes = [size_of(limit) for limit in [*limits, {}, {}, {}][:3]]
    found = [{"name": name, "type": type, **size} for (name, type), size in zip(axes, sizes)]
    return found[1:] if kind == "image" else found


def size_of(limit: dict[str, Any]) -> dict[str, Any]:
    """Return the size of an axis, if it has limits."""
    if not limit:
        return {}
    size = {"min": max(1, int(limit.get("min") or 1))}
    return {"size": {**size, "max": int(limit["max"])} if limit.get("max") else size}


def read_output(value: dict[str, Any]) -> dict[str, Any]:
    """Return one of `outputs`."""
    type = str(value.get("type") or "custom")
    described = value.get("description") or value["name"]
    return {
        "id": slug(value["name"], "_"),
        "type": OUTPUT_TYPES.get(type, type),
        "description": described,
    }


def read_weights(folder: Path, ending: str) -> list[dict[str, Any]]:
    """Return the files of weights below `model/`, with their SHA-256."""
    endings = {*WEIGHTS, ending.lower() or ".onnx"}
    paths = [
        path
        for path in sorted((folder / "model").rglob("*"))
        if path.is_file() and path.suffix.lower() in endings
    ]
    ids = unique([slug(path.stem, "_") for path in paths])
    return [
        {
            "id": id,
            "path": path.relative_to(folder).as_posix(),
            "sha256": file_sha256(path),
            "bytes": path.stat().st_size,
            "format": FORMATS.get(path.suffix.lower(), "other"),
        }
        for id, path in zip(ids, paths)
    ]


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return stream_sha256(stream)


def read_samples(folder: Path, inputs: list[str]) -> list[dict[str, Any]]:
    """Return the sample data: each file, or each JSON that names a file for every input."""
    paths = [path for path in sorted((folder / "sample_data").glob("*")) if path.is_file()]
    found = [(path, sample_inputs(path, folder, inputs)) for path in paths]
    usable = [(path, files) for path, files in found if files]
    ids = unique([slug(path.name, "_") for path, _ in usable])
    return [
        {
            "id": id,
            "title": path.name,
            "inputs": files,
            "expected": f"sample_data/{path.name}.expected.json",
        }
        for id, (path, files) in zip(ids, usable)
    ]


def sample_inputs(path: Path, folder: Path, inputs: list[str]) -> dict[str, str]:
    """Return the path of each input's file in the folder; empty for what is no sample."""
    if len(inputs) == 1:
        return {inputs[0]: path.relative_to(folder).as_posix()}
    if path.suffix.lower() != ".json":
        return {}
    try:
        named = json.loads(path.read_text(encoding="utf-8"))
        files = {
            slug(key, "_"): value["fileurl"] for key, value in named.items() if key != "format"
        }
    except (ValueError, TypeError, KeyError, AttributeError):
        return {}
    here = all((folder / str(files.get(id))).is_file() for id in inputs)
    return {id: files[id] for id in inputs} if here else {}


def described(old: dict[str, Any]) -> dict[str, Any]:
    """Return what is said of the model and its publication."""
    meta, work = old.get("meta", {}), old.get("publication", {})
    parts = {
        "description": old["model"].get("description"),
        "domain": (meta.get("application_area") or "")[:60],
        "publications": [
            {key: work[key] for key in ("title", "authors", "year", "url") if work.get(key)}
        ]
        if work.get("title")
        else None,
    }
    return {key: value for key, value in parts.items() if value}


def slug(name: str, joint: str) -> str:
    """Return a name in lower-case letters, digits and joints, such as `segmented_cell_images`."""
    found = re.sub(r"[^a-z0-9]+", joint, str(name).lower()).strip(joint)
    return found if found[:1].isalpha() or joint == "-" else f"x{joint}{found}".rstrip(joint)


def unique(ids: list[str]) -> list[str]:
    """Return the ids with a number after those that come again."""
    return [f"{id}_{ids[:i].count(id) + 1}" if id in ids[:i] else id for i, id in enumerate(ids)]
