"""Reads a state dict that `torch.save` wrote before torch 1.6, without torch and without its code.

Such a file is five pickles (magic number, protocol, system, the dict, the keys of its storages) and
then the storages: for each key, in the order of the fifth pickle, a count and that many numbers.
"""

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

MAGIC = 0x1950A86A20F9469CFC6C

Array = npt.NDArray[Any]


def read_state_dict(path: Path) -> dict[str, Array]:
    """Return the arrays of the file by name. Raises UnpicklingError for what is no state dict."""
    with path.open("rb") as file:
        magic, _protocol, _system = (StateDictUnpickler(file).load() for _ in range(3))
        if magic != MAGIC:
            raise pickle.UnpicklingError(f"{path.name} isn't in the older format of torch.save")
        unpickler = StateDictUnpickler(file)
        state: dict[str, Array] = unpickler.load()
        # The arrays of the dict are views of the storages, so filling these fills those.
        for key in StateDictUnpickler(file).load():
            fill(unpickler.storages[key], file)
    return state


def fill(storage: Array, file: BinaryIO) -> None:
    """Read a storage's numbers, which follow their count."""
    count = int.from_bytes(file.read(8), "little")
    numbers = file.read(storage.nbytes)
    if count != len(storage) or len(numbers) != storage.nbytes:
        raise pickle.UnpicklingError(f"expected a storage of {len(storage)} numbers, got {count}")
    storage[:] = np.frombuffer(numbers, storage.dtype)


class StateDictUnpickler(pickle.Unpickler):
    """Builds dicts of arrays and nothing else: any other class or function in the file is refused.

    A pickle can name whatever Python can import and have it called, so the names are a short list.
    """

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.storages: dict[str, Array] = {}

    def find_class(self, module: str, name: str) -> Any:
        """Return what a name in the file stands for here."""
        allowed = {
            "collections.OrderedDict": OrderedDict,
            "torch._utils._rebuild_tensor_v2": array_of,
            "torch.FloatStorage": np.dtype("<f4"),
            "torch.LongStorage": np.dtype("<i8"),
        }
        try:
            return allowed[f"{module}.{name}"]
        except KeyError:
            raise pickle.UnpicklingError(f"a state dict has no use for {module}.{name}") from None

    def persistent_load(self, pid: Any) -> Array:
        """Return the storage that `pid` names; its numbers come later in the file."""
        _, dtype, key, _, count, _ = pid
        return self.storages.setdefault(key, np.zeros(count, dtype))


def array_of(
    storage: Array, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> Array:
    """Return a tensor as a view of its storage; `strides` count numbers, not bytes."""
    last = offset + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    # as_strided does not look where it points, so this does.
    if min(offset, *shape, *strides, 0) < 0 or last >= len(storage):
        raise pickle.UnpicklingError(f"a tensor of shape {shape} leaves its storage")
    steps = [stride * storage.itemsize for stride in strides]
    return np.lib.stride_tricks.as_strided(storage[offset:], shape, steps)
