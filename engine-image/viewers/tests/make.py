"""Write the HDF5 files that hdf5.test.ts reads, in the old form of the library and in its new one."""

from pathlib import Path

import h5py
import numpy as np

for form in ("earliest", "v108"):
    with h5py.File(
        Path(__file__).with_name(f"{form}.h5"), "w", libver=(form, "latest")
    ) as file:
        packed = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
        numbers = np.arange(5 * 6 * 7).reshape(5, 6, 7)
        file.create_dataset("heat", data=numbers.astype(np.float32) / 2)
        dataset = file.create_dataset(
            "mask", data=numbers.astype(np.int16) * -3, chunks=(2, 4, 7), **packed
        )
        dataset.attrs["labels"] = (
            "long enough to need more room than the header has. " * 8
        )
        file.create_dataset("text", data="no numbers", dtype=h5py.string_dtype())
