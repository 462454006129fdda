from __future__ import annotations

import io
import pickle
import struct
from pathlib import Path
from typing import Any, Callable

import h5py
import numpy as np
import pytest
from conftest import OpenModel, WriteModel, array_input, numbers
from prepared import KINDS, prepare, sized

from modelhub.errors import EngineError, InputOutsideLimits, InputUndecodable, MediaTypeRefused


def npy(array: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.asarray(array), **options)
    return stream.getvalue()


def with_header(text: str, data: bytes = b"", version: int = 1, length: int | None = None) -> bytes:
    form = "<H" if version == 1 else "<I"
    length = len(text) if length is None else length
    return b"\x93NUMPY" + bytes([version, 0]) + struct.pack(form, length) + text.encode() + data


def header(descr: str = "'<f4'", order: str = "False", shape: str = "(2, 3)") -> str:
    return f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n"


FINE = np.arange(6, dtype=np.float32).reshape(2, 3)


@pytest.mark.parametrize(
    "array",
    [FINE, FINE.astype(">f4"), np.asfortranarray(FINE), FINE.astype(np.float64), FINE.astype("u1")],
    ids=["plain", "big-endian", "fortran", "float64", "uint8"],
)
def test_reads_numbers_that_fit(open_model: OpenModel, array: Any) -> None:
    [output] = open_model("doubled").predict(npy(array))
    assert numbers(output).dtype == np.float32
    np.testing.assert_allclose(numbers(output), FINE * 2, atol=1e-5)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_reads_every_version_of_the_format(open_model: OpenModel, version: int) -> None:
    [output] = open_model("doubled").predict(with_header(header(), FINE.tobytes(), version))
    np.testing.assert_allclose(numbers(output), FINE * 2, atol=1e-5)


class Evil:
    def __reduce__(self) -> Any:
        return (pytest.fail, ("a pickle was opened",))


HOSTILE = {
    "pickled objects": (npy(np.array([[Evil()] * 3] * 2), allow_pickle=True), "plain numbers"),
    "a bare pickle": (pickle.dumps(FINE), "got bytes of no kind it knows"),
    "records": (npy(np.zeros((2, 3), "f4,i4")), "plain numbers"),
    "records in the text": (with_header(header("[('a', '<f4')]")), "plain numbers"),
    "a subarray": (with_header(header("'(9,)f4'")), "plain numbers"),
    "text": (npy(np.full((2, 3), "a")), "plain numbers"),
    "complex numbers": (npy(FINE.astype("c8")), "plain numbers"),
    "an unknown dtype": (with_header(header("'<q9'")), "unknown dtype"),
    "fewer bytes than the header says": (
        with_header(header(), b"1234"),
        "has 74 bytes; its header says 94",
    ),
    "more bytes than the header says": (npy(FINE) + b"!", "has 153 bytes; its header says 152"),
    "a shape beyond all memory": (
        with_header(header(shape="(99999999999, 99999999999)")),
        "at most 134,217,728 are read",
    ),
    "a shape that overflows": (with_header(header(shape=f"({2**62}, 4)")), "at most 134,217,728"),
    "one element too many": (with_header(header(shape=f"({2**27 + 1},)")), "at most 134,217,728"),
    "a negative size": (with_header(header(shape="(-2, 3)")), "no tuple of sizes"),
    "a bool as size": (with_header(header(shape="(True, 3)")), "no tuple of sizes"),
    "a list as shape": (with_header(header(shape="[2, 3]")), "no tuple of sizes"),
    "an order of another kind": (with_header(header(order="1")), "neither True nor False"),
    "code in the header": (with_header("__import__('os').abort()"), "can't be read"),
    "a header that nests": (with_header("(" * 5000), "can't be read"),
    "no dict in the header": (with_header("1"), "without descr"),
    "a missing key": (with_header("{'descr': '<f4', 'shape': (2, 3)}"), "without descr"),
    "a header of 4 GB": (with_header("", version=2, length=2**32 - 1), "a header of 4,294,967,295"),
    "a header that is cut off": (npy(FINE)[:40], "truncated in its header"),
    "nothing after the magic": (b"\x93NUMPY", "version 1, 2 or 3"),
    "no length": (b"\x93NUMPY\x01\x00\x01", "truncated in its header"),
    "another version": (b"\x93NUMPY\x09\x00" + npy(FINE)[8:], "version 1, 2 or 3"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_refuses(open_model: OpenModel, name: str) -> None:
    data, sentence = HOSTILE[name]
    with pytest.raises((InputUndecodable, InputOutsideLimits, MediaTypeRefused)) as caught:
        open_model("doubled").predict(data)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("Input 'numbers' ")


def test_no_damage_gets_past_as_a_surprise(open_model: OpenModel) -> None:
    engine = open_model("doubled")
    data = npy(FINE)
    random = np.random.default_rng(1)
    for _ in range(500):
        damaged = bytearray(data)
        for place in random.integers(0, len(data), 3):
            damaged[place] = random.integers(0, 256)
        try:
            engine.predict(bytes(damaged))
        except EngineError as error:
            assert error.status in (415, 422)  # noqa: PT017 (some damage isn't seen)


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (np.zeros(3, "f4"), "has 1 axes; expected 2 (row, column)"),
        (np.zeros((3, 3), "f4"), "is 3 × 3 (row, column); axis row takes 2 to 8 in steps of 2"),
        (np.zeros((10, 3), "f4"), "axis row takes 2 to 8 in steps of 2"),
        (np.zeros((1, 3), "f4"), "axis row takes 2 to 8 in steps of 2"),
        (np.zeros((2, 4), "f4"), "axis column takes 3"),
        (np.zeros((2, 3), "i8"), "holds int64; the model takes float32"),
        (np.full((2, 3), 11, "f4"), "holds values from 11 to 11; the model takes -10 to 10"),
        (np.full((2, 3), np.nan, "f4"), "holds NaN or infinity"),
        (np.full((2, 3), np.inf, "f4"), "holds NaN or infinity"),
        (np.full((2, 3), 1e300), "holds NaN or infinity"),
    ],
)
def test_refuses_an_array_outside_the_config(
    open_model: OpenModel, array: Any, sentence: str
) -> None:
    with pytest.raises((InputOutsideLimits, InputUndecodable)) as caught:
        open_model("doubled").predict(npy(array))
    assert sentence in str(caught.value)
    assert caught.value.status == 422


def test_refuses_an_array_without_elements(open_model: OpenModel, write_model: WriteModel) -> None:
    with pytest.raises(InputOutsideLimits, match="has no elements"):
        open_model(write_model()).predict(npy(np.zeros(0, "f4")))


def test_a_config_may_call_an_array_plain_bytes(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    folder = write_model(inputs=[array_input(mediaTypes=["application/octet-stream"])])
    [output] = open_model(folder).predict(npy(np.ones(2, "f4")))
    assert output.prediction == [1.0, 1.0]


@pytest.mark.parametrize(("shape", "axes"), [("(-1, 2)", 2), ("(4,)", 1)])
def test_preprocessing_of_an_array_may_change_its_shape(
    open_model: OpenModel, write_model: WriteModel, shape: str, axes: int
) -> None:
    code = (
        "def load(context): ...\n"
        f"def preprocess(array): return array[:4].reshape({shape}).astype('float64')\n"
        "def infer(model, x): return [x.ndim, x.itemsize]"
    )
    inputs = [array_input(axes=[{"name": "index", "type": "index", "size": 6}])]
    [output] = open_model(write_model(code, inputs=inputs)).predict(npy(np.ones(6, "f4")))
    assert output.prediction == [axes, 4]


def npz(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)
    return stream.getvalue()


def hdf5(write: Callable[[Any], Any]) -> bytes:
    stream = io.BytesIO()
    with h5py.File(stream, "w") as file:
        write(file)
    return stream.getvalue()


def one_dataset(path: str = "x", array: Any = FINE, **options: Any) -> bytes:
    return hdf5(lambda file: file.create_dataset(path, data=array, **options))


@pytest.mark.parametrize(
    "data",
    [
        npz(anything=FINE),
        one_dataset(),
        one_dataset("deep/down/x"),
        one_dataset(array=FINE.astype(">f8")),
        one_dataset(compression="gzip", shuffle=True, fletcher32=True),
        one_dataset(compression="lzf", chunks=(1, 3)),
    ],
)
def test_reads_one_array_from_npz_and_hdf5(data: bytes) -> None:
    np.testing.assert_array_equal(prepare("array", data).array, FINE)


def virtual(file: Any) -> None:
    layout = h5py.VirtualLayout((2, 3), "f4")
    layout[:] = h5py.VirtualSource("/etc/hostname", "x", (2, 3))
    file.create_virtual_dataset("x", layout)


def chunky(file: Any) -> None:
    file.create_dataset("x", (2**13, 2**12), "f4", chunks=(2**13, 2**12), compression="gzip")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (npz(a=FINE, b=FINE), "holds 2 arrays; one is read"),
        (npz(a=np.array([[Evil()]])), "plain numbers"),
        (npz(a=FINE)[:-30], "is a damaged zip archive"),
        (hdf5(lambda _: None), "holds no dataset; links aren't followed"),
        (hdf5(lambda f: [f.create_dataset(n, data=FINE) for n in "ab"]), "several datasets"),
        (hdf5(lambda f: f.update({"x": h5py.ExternalLink("/etc/hostname", "/x")})), "no dataset"),
        (hdf5(lambda f: f.update({"x": h5py.SoftLink("/y")})), "holds no dataset"),
        (hdf5(virtual), "keeps its numbers in another file"),
        (
            hdf5(lambda f: f.create_dataset("x", (2, 3), "f4", external=[("/tmp/x", 0, 24)])),
            "keeps its numbers in another file",
        ),
        (one_dataset(array=np.zeros((2, 3), "f4,i4")), "plain numbers"),
        (one_dataset(array=h5py.Empty("f4")), "plain numbers"),
        (one_dataset(array="text"), "plain numbers"),
        (one_dataset(scaleoffset=2), "another filter than gzip or lzf"),
        (hdf5(chunky), "has chunks of more than 64 MiB"),
        (
            hdf5(lambda f: f.create_dataset("x", (2**20, 2**20), "f4", chunks=(64, 64))),
            "at most 134,217,728 are read",
        ),
        (
            hdf5(lambda f: f.create_dataset("x", (2**12, 2**12), "f4", chunks=(64, 64))),
            "unpacks to 67,108,864 bytes from 0; at most 200 times",
        ),
        (one_dataset(array=np.zeros((2, 3, 4), "f4")), "has 3 axes; expected 2"),
        (one_dataset()[:-1], "can't be decoded as application/x-hdf5"),
    ],
)
def test_refuses_npz_and_hdf5(data: bytes, sentence: str) -> None:
    with pytest.raises((InputUndecodable, InputOutsideLimits), match=sentence):
        prepare("array", data)


def test_opens_no_file_that_an_hdf5_file_names(tmp_path: Path) -> None:
    other = tmp_path / "secret.h5"
    other.write_bytes(one_dataset())
    data = hdf5(lambda file: file.update({"x": h5py.ExternalLink(str(other), "/x")}))
    with pytest.raises(InputUndecodable, match="links aren't followed"):
        prepare("array", data)


def test_an_array_is_held_against_fixed_sizes_also_with_preprocessing() -> None:
    axes = [sized(axis, 9) for axis in KINDS["array"]["axes"]]
    with pytest.raises(InputOutsideLimits, match="axis row takes 9"):
        prepare("array", npy(FINE), axes=axes, resized=True)
