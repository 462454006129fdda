"""Items of a batch: which files are predicted together, and under which name."""

from __future__ import annotations

import csv
import glob
import json
import mimetypes
import os
from collections import Counter
from pathlib import Path
from typing import Any, Iterable, Iterator, NamedTuple, Sequence, Tuple

from .arguments import UsageError
from .config import Input
from .errors import InputError
from .signatures import DICOM, HEAD_BYTES, canonical, sniff
from .sources import Source

#: The files of one input; several are a DICOM series.
Paths = Tuple[Path, ...]


class Item(NamedTuple):
    """One prediction of a batch: its name, and the files of each input.

    The name is a relative path with slashes; what is written for the item begins with it.
    """

    name: str
    files: dict[str, Paths]

    def absolute(self) -> Item:
        """Return the item with paths that hold wherever the process goes."""
        files = {id: tuple(path.absolute() for path in paths) for id, paths in self.files.items()}
        return Item(self.name, files)

    def sources(self) -> dict[str, Source]:
        """Return the inputs' bytes by input id."""
        return {id: source_of(paths) for id, paths in self.files.items()}


class Found(NamedTuple):
    """The items, and the files that lie in folders but are no input of the model."""

    items: list[Item]
    skipped: list[Path]


def find_items(places: Sequence[str], input: Input, out: Path) -> Found:
    """Return an item for each file or series in the places: files, folders, patterns.

    Of a folder, all files below it are taken that are of the input's media types; what lies in
    `out` isn't. Names are relative to the folder that all places share. Raises UsageError for a
    place that isn't there.
    """
    roots: list[Path] = []
    found: list[Paths] = []
    skipped: list[Paths] = []
    for place in places:
        path = Path(place)
        if path.is_dir():
            roots.append(path)
            for paths in walk(path, input, out.resolve()):
                (found if len(paths) > 1 or is_wanted(paths[0], input) else skipped).extend([paths])
        else:
            files = [path] if path.is_file() else matches(place)
            roots.append(common(file.parent for file in files))
            found.extend((file,) for file in files)
    root = common(roots)
    items = [Item(name_of(paths, root), {input.id: paths}) for paths in dict.fromkeys(found)]
    return Found(items, [path for paths in skipped for path in paths])


def matches(pattern: str) -> list[Path]:
    """Return the files that fit a pattern such as `scans/**/*.nii.gz`. Raises UsageError."""
    files = [
        path for path in map(Path, sorted(glob.glob(pattern, recursive=True))) if path.is_file()
    ]
    if files:
        return files
    raise UsageError(
        f"{pattern}: there is no such file or folder, and no file fits it as a pattern."
    )


def walk(folder: Path, input: Input, out: Path) -> Iterator[Paths]:
    """Yield the files below a folder, sorted, and series as a whole; no hidden ones."""
    series = series_files(folder) if takes_series(input) else ()
    if series:
        yield series
        return
    for path in visible(folder):
        if path.is_dir() and path.resolve() != out:
            yield from walk(path, input, out)
        elif path.is_file():
            yield (path,)


def takes_series(input: Input) -> bool:
    """Whether a folder of DICOM files is one input."""
    return input.kind == "volume" and DICOM in input.media_types


def series_files(folder: Path) -> Paths:
    """Return the files that lie in a folder, if all of them are DICOM; else none."""
    files = tuple(path for path in visible(folder) if path.is_file())
    return files if all(sniff(Source(file).head(HEAD_BYTES)) == DICOM for file in files) else ()


def visible(folder: Path) -> list[Path]:
    """Return what lies in a folder, sorted; names that begin with a dot are left out."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def is_wanted(path: Path, input: Input) -> bool:
    """Whether a file in a folder looks like the input: by its first bytes, else by its name.

    One that can't be read does; its prediction tells why it fails.
    """
    try:
        found = sniff(Source(path).head(HEAD_BYTES)) or mimetypes.guess_type(path.name)[0]
    except InputError:
        return True
    accepted = {canonical(media_type) for media_type in input.media_types}
    return input.kind == "file" or (found is not None and canonical(found) in accepted)


def read_manifest(file: str, inputs: Sequence[Input]) -> list[Item]:
    """Return the items that a CSV or JSON file lists.

    CSV has a column for each input, JSON is a list of objects with a key for each; both may have
    a name for the item as `id`. Paths are relative to the manifest's folder; that of a volume may
    be the folder of a series. Raises UsageError.
    """
    path = Path(file)
    ids = [input.id for input in inputs]
    items = []
    for number, row in enumerate(read_rows(path), 1):
        missing = [id for id in ids if not isinstance(row.get(id), str) or not row[id]]
        if missing:
            raise UsageError(f"{file}, item {number}: no file for input {', '.join(missing)}.")
        files = {input.id: files_of(path.parent / row[input.id], input) for input in inputs}
        items.append(Item(safe_name(row.get("id") or row[ids[0]]), files))
    for name, count in Counter(item.name for item in items).items():
        if count > 1:
            raise UsageError(
                f"{file}: {count} items would be written as '{name}'; "
                "a column `id` with a name for each tells them apart."
            )
    return items


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a manifest. Raises UsageError."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() == ".csv":
            return list(csv.DictReader(text.splitlines()))
        rows = json.loads(text)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"{path} is no JSON: {error}; a CSV file ends in .csv.") from error
    if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
        return rows
    raise UsageError(f"{path}: expected a list of objects with a key for each input.")


def safe_name(name: str) -> str:
    """Return a relative path that stays in its folder: the last part of one that doesn't."""
    path = Path(os.path.normpath(name))
    return path.name if path.is_absolute() or ".." in path.parts else path.as_posix()


def files_of(path: Path, input: Input) -> Paths:
    """Return the one file, or those of a folder that is a series."""
    series = series_files(path) if takes_series(input) and path.is_dir() else ()
    return series or (path,)


def common(folders: Iterable[Path]) -> Path:
    """Return the folder that holds all of these."""
    return Path(os.path.commonpath([os.path.abspath(folder) for folder in folders]))


def name_of(paths: Paths, root: Path) -> str:
    """Return the file's path in the root; of a series, the folder's."""
    path = Path(os.path.abspath(paths[0] if len(paths) == 1 else paths[0].parent))
    return path.name if path == root else path.relative_to(root).as_posix()


def names_of(files: Sequence[str]) -> list[str]:
    """Return a name for each file; relative to the folder that they share."""
    paths = {file: Path(os.path.abspath(file)) for file in files if file != "-"}
    root = common(path.parent for path in paths.values()) if paths else Path()
    return [name_of((paths[file],), root) if file in paths else "stdin" for file in files]


def source_of(paths: Paths) -> Source:
    """Return the source of a file, or of the files of a series."""
    return Source(paths[0] if len(paths) == 1 else paths)
