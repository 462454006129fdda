"""Arrays in HDF5."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..archives import require_no_bomb
from ..config import Input
from ..errors import InputOutsideLimits, InputUndecodable
from ..libraries import library
from ..limits import MAX_CHUNK, MAX_ELEMENTS
from ..signatures import HDF5
from ..sources import Source
from .arrays import ArrayLoader
from .loader import Native

#: Filters that the library itself undoes: gzip, shuffle, checksum, lzf. Others are loaded from
#: wherever the system has them.
FILTERS = (1, 2, 3, 32000)

#: Groups and datasets that are looked at; a file for one array has few.
MAX_OBJECTS = 1000


class Hdf5Loader(ArrayLoader):
    """HDF5 files that hold one dataset, at any depth. Links to other places aren't followed."""

    media_types = (HDF5,)

    def __init__(self, input: Input, resized: bool = False) -> None:
        super().__init__(input, resized)
        self._h5py = library("h5py", "h5py", input.id, "takes HDF5")

    def load(self, source: Source, media_type: str) -> Native:
        """Return an array. Raises InputUndecodable and InputOutsideLimits."""
        # Through Python's own stream: the library opens no file by itself.
        with source.open() as stream, self._h5py.File(stream, "r") as file:
            dataset = self._only_dataset(file)
            self._check(dataset)
            return np.asarray(dataset[...])

    def _only_dataset(self, file: Any) -> Any:
        """Return the one dataset. Raises InputUndecodable for none or several."""
        datasets: list[Any] = []
        seen = 0

        def visit(name: str, found: Any) -> Any:
            nonlocal seen
            seen += 1
            if isinstance(found, self._h5py.Dataset):
                datasets.append(found)
            # What isn't None ends the visit.
            return True if len(datasets) > 1 or seen > MAX_OBJECTS else None

        # It visits what lies in the file; soft and external links are left out.
        file.visititems(visit)
        if len(datasets) != 1:
            raise InputUndecodable(
                "holds several datasets; one is read."
                if datasets
                else "holds no dataset; links aren't followed."
            )
        return datasets[0]

    def _check(self, dataset: Any) -> None:
        """Check all that the header of the dataset tells."""
        plan = dataset.id.get_create_plist()
        if dataset.is_virtual or plan.get_external_count():
            raise InputUndecodable("keeps its numbers in another file.")
        if dataset.shape is None or dataset.dtype.kind not in "biuf":
            raise InputUndecodable("holds objects, records or text; only plain numbers are read.")
        if dataset.size > MAX_ELEMENTS:
            raise InputOutsideLimits(
                f"has {dataset.size:,} elements; at most {MAX_ELEMENTS:,} are read."
            )
        filters = [plan.get_filter(i)[0] for i in range(plan.get_nfilters())]
        if not set(filters).issubset(FILTERS):
            raise InputUndecodable("is compressed by another filter than gzip or lzf.")
        item = dataset.dtype.itemsize
        if dataset.chunks and int(np.prod(dataset.chunks, dtype=object)) * item > MAX_CHUNK:
            raise InputOutsideLimits(
                f"has chunks of more than {MAX_CHUNK // 2**20} MiB; smaller ones are read."
            )
        require_no_bomb(dataset.id.get_storage_size(), dataset.size * item)
        self.check_array(dataset.shape, dataset.dtype)
